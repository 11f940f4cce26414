/** Extended attributes, which Node neither reads nor sets: by scripts in Python, one process for a whole tree. */
import { Buffer } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Bytes, bufferOf, bytesOf, bytesOfText } from './byte-names.js'
import type { Root } from './held-directories.js'

const [reader, editor] = ['read-attributes', 'edit-entries'].map(what =>
  fileURLToPath(new URL(`${what}.py`, import.meta.url)),
)
// Without what a site has installed: that costs more than the reading. The first is faster than a wrapper around it.
const isolated = ['-I', '-S']
const python = ['/usr/bin/python3', 'python3'].find(
  program => spawnSync(program, [...isolated, '-c', 'import os; os.listxattr']).status === 0,
)

/** Whether there is a Python that can. */
export const hasAttributes: boolean = python !== undefined

/** By path, `.` for the root, then by name: those entries that have any. */
export type AttributesOfTree = ReadonlyMap<Bytes, ReadonlyMap<Bytes, Buffer>>

export function readAttributes(roots: readonly Root[]): readonly AttributesOfTree[] {
  const stdout = runScript(reader, roots, '')
  const trees = roots.map(() => new Map<Bytes, Map<Bytes, Buffer>>())
  for (const line of stdout.split('\n').filter(text => text !== '')) {
    const [tree, path = '', name = '', value = ''] = line.split(' ')
    const found = trees[Number(tree)]
    const at = bytesOf(Buffer.from(path, 'hex'))
    const its = found?.get(at) ?? new Map<Bytes, Buffer>()
    its.set(bytesOf(Buffer.from(name, 'hex')), Buffer.from(value, 'hex'))
    found?.set(at, its)
  }
  return trees
}

/** A path is from the root, `.` for itself; an attribute is removed where its value is undefined. */
export type EntryEdit = { readonly path: Bytes } & (
  | { readonly name: string; readonly value: Uint8Array | undefined }
  | { readonly mtime: bigint }
  | { readonly do: 'socket' }
)

/** Does them all, in order. */
export function editEntries(root: Root, edits: readonly EntryEdit[]): void {
  if (edits.length > 0) runScript(editor, [root], edits.map(edit => `${lineOf(edit)}\n`).join(''))
}

function lineOf(edit: EntryEdit): string {
  const path = hex(bufferOf(edit.path))
  if ('do' in edit) return `${edit.do} ${path}`
  if ('mtime' in edit) return `time ${path} ${edit.mtime}`
  const name = hex(bufferOf(bytesOfText(edit.name)))
  return edit.value === undefined ? `remove ${path} ${name}` : `set ${path} ${name} ${hex(edit.value)}`
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function runScript(script: string | undefined, roots: readonly Root[], input: string): string {
  if (python === undefined || script === undefined) throw new Error('there is no python3')
  const args = [...isolated, script, ...roots.map(root => Buffer.from(root).toString('hex'))]
  const { status, stdout, stderr } = spawnSync(python, args, {
    input,
    encoding: 'latin1',
    maxBuffer: 2 ** 30,
  })
  if (status !== 0) throw new Error(`${script} failed: ${stderr}`)
  return stdout
}
