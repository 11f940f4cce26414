/** FIFOs, sockets and devices, which Node cannot make: by programs, under plain names, then moved in place. */
import type { Buffer } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, renameSync, rmdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Bytes } from './byte-names.js'
import { editEntries, hasAttributes } from './extended-attributes.js'

export type SpecialFile =
  | { readonly kind: 'fifo' }
  | { readonly kind: 'socket' }
  | { readonly kind: 'character device' | 'block device'; readonly major: number; readonly minor: number }

const listenAndLeave = 'require("net").createServer().listen(process.argv[1], () => process.exit())'

/**
 * As many FIFOs as a tree has, made by one program when the first is wanted: to start it takes far longer than to make them.
 * `workshop` is a directory on the file system of all of them, in which nothing is left once this is closed.
 */
export class Fifos {
  readonly #workshop: string
  readonly #count: number
  #scratch: string | undefined
  #left: string[] = []

  constructor(workshop: string, count: number) {
    this.#workshop = workshop
    this.#count = count
  }

  moveOneTo(target: Buffer): void {
    if (this.#scratch === undefined) {
      this.#scratch = mkdtempSync(join(this.#workshop, '.special-'))
      const names = Array.from({ length: this.#count }, (_, index) => `${index}`)
      run(this.#scratch, 'mkfifo', names)
      this.#left = names
    }
    const name = this.#left.pop()
    if (name === undefined) throw new Error(`there were to be ${this.#count} FIFOs, and this is one more`)
    renameSync(join(this.#scratch, name), target)
  }

  close(): void {
    if (this.#scratch === undefined) return
    for (const name of this.#left) unlinkSync(join(this.#scratch, name))
    rmdirSync(this.#scratch)
  }
}

/** `workshop` is a directory on the same file system as the target; nothing is left in it. */
export function makeSpecialFile(target: Buffer, special: SpecialFile, workshop: string): void {
  const scratch = mkdtempSync(join(workshop, '.special-'))
  try {
    switch (special.kind) {
      case 'fifo':
        run(scratch, 'mkfifo', ['it'])
        break
      case 'socket':
        // Python takes half the time.
        if (hasAttributes) editEntries(scratch, [{ path: 'it' as Bytes, do: 'socket' }])
        else run(scratch, process.execPath, ['-e', listenAndLeave, 'it'])
        break
      case 'character device':
      case 'block device':
        run(scratch, 'mknod', ['it', special.kind.charAt(0), String(special.major), String(special.minor)])
    }
    renameSync(join(scratch, 'it'), target)
  } finally {
    rmdirSync(scratch)
  }
}

function run(cwd: string, program: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr}`)
}
