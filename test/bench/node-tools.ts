/**
 * Copiers for Node, each in a process of its own that loads nothing else. None of them holds owners or the times of
 * directories; what else of a result is checked is what its documentation promises.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CompareOptions } from '../support/compare-trees.js'
import type { Tool } from './tools.js'

const script = fileURLToPath(new URL('./copy-by-node.mjs', import.meta.url))

/** Node's dates are of milliseconds. */
const timesOfFiles: CompareOptions = { times: 'files', precisionNs: 1_000_000n, owner: false }

function byNode(name: string, promises: CompareOptions): Tool {
  return {
    name,
    program: process.execPath,
    command: (source, replica) => [process.execPath, script, name, source, replica],
    promises,
  }
}

export const fsCp: Tool = byNode('fs.cp', timesOfFiles)
/** These two are quick enough for any tree. */
export const syncDirectory: Tool = byNode('sync-directory', { times: false, owner: false })
export const treeSync: Tool = byNode('tree-sync', timesOfFiles)

/** The only one besides tree-sync that can leave alone what is up to date. */
export const cpyUpdate: Tool = byNode('cpy update', timesOfFiles)

export const nodeCopiers: readonly Tool[] = [
  fsCp,
  byNode('fs-extra', timesOfFiles),
  byNode('cpy', timesOfFiles),
  byNode('cpx2', timesOfFiles),
  syncDirectory,
  treeSync,
]

/** The version of a package that is installed for the bench. */
export function packageVersion(name: string): string {
  const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version
}
