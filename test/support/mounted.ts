/**
 * Mounts a file system for the tests of a `describe`, and unmounts it whatever becomes of them: after the last
 * test, or when this process ends in any way, by a program that waits for that.
 */
import { type ChildProcess, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { FileSystem } from './file-systems.js'
import { startJanitor } from './janitor.js'
import { run } from './mounts.js'
import { openToOthers, type TemporaryDirectory, temporaryDirectory } from './temp.js'

export type Mounted = {
  /** Where its root is. */
  readonly path: string
  /** Unmounts it, and removes what it lay on. */
  readonly [Symbol.dispose]: () => void
}

export function mountFileSystem({ mount }: FileSystem): Mounted {
  const directory = temporaryDirectory()
  const [at, beside] = [join(directory.path, 'mounted'), join(directory.path, 'beside')]
  mkdirSync(at)
  mkdirSync(beside)
  const janitor = startJanitor(directory.path, [at, join(beside, 'under')])
  const dispose = (): void => end({ directory, at, beside, janitor })
  try {
    mount(at, beside)
    openToOthers(at)
  } catch (error) {
    dispose()
    throw error
  }
  return { path: at, [Symbol.dispose]: dispose }
}

/** The same mount for all tests of a file or a `describe`: read `path` inside a test. */
export function useFileSystem(fileSystem: FileSystem): { readonly path: string } {
  let mounted: Mounted | undefined
  beforeAll(() => {
    mounted = mountFileSystem(fileSystem)
  })
  afterAll(() => {
    mounted?.[Symbol.dispose]()
    mounted = undefined
  })
  return {
    get path(): string {
      if (mounted === undefined) throw new Error('it is mounted while tests run only')
      return mounted.path
    },
  }
}

type Kept = {
  readonly directory: TemporaryDirectory
  readonly at: string
  readonly beside: string
  readonly janitor: ChildProcess
}

function end({ directory, at, beside, janitor }: Kept): void {
  for (const place of [at, join(beside, 'under')]) {
    // Lazily only where something is still open in it: what is under it then goes with the last of that.
    if (isMounted(place) && spawnSync('umount', [place]).status !== 0) run('umount', ['-l', place])
  }
  janitor.kill('SIGKILL')
  if (existsSync(directory.path)) directory[Symbol.dispose]()
}

export function isMounted(at: string): boolean {
  const mounts = readFileSync('/proc/self/mountinfo', 'latin1')
  return mounts.split('\n').some(line => line.split(' ')[4] === at)
}
