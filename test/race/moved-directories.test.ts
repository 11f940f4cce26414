/**
 * Of a deep path only the newest directories are held; the others are reached again by `..`, which leads elsewhere
 * when somebody has moved the directory meanwhile. Whoever climbs must look where it came to.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { syncWith } from '../support/core.mjs'
import { type Fault, faulty } from '../support/faulty.js'
import { holding, settings, useFolders } from '../support/mirror.js'
import { only } from '../support/old-or-new.js'
import { readTree, type Snapshot } from '../support/read-tree.js'
import type { EntryLiteral, TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const isTheirs = (path: string): boolean => path !== 'z' && !path.startsWith('z/moved')

const folders = useFolders()
const depth = 40
/** The uppermost directory that is still held at the end of the chain; the one above is reached by `..`. */
const firstClimbed = depth - 23

/** A chain of directories, with the same entries in each. */
function chain(entries: Readonly<Record<string, EntryLiteral>>): TreeLiteral {
  let below = { ...entries }
  for (let level = 0; level < depth; level += 1) below = { ...entries, z: below }
  return below
}

function deepAt(root: string, level: number): string {
  return join(root, ...Array.from({ length: level }, () => 'z'))
}

function write(): Snapshot {
  rmSync(folders.path, { recursive: true })
  // The names after z are come to on the way up.
  writeTree(folders.source, chain({ changed: 'new content', 'z changed': 'new content', zz: 'n' }))
  writeTree(folders.replica, chain({ changed: 'old', 'z changed': 'old', gone: 'g', zy: { gone: 'g' } }))
  writeTree(join(folders.path, 'outside'), {
    z: { changed: 'secret', 'z changed': 'secret', gone: 'g', zy: { gone: 'g' } },
  })
  return readTree(join(folders.path, 'outside'))
}

async function run(held: 'libc' | 'proc' | 'paths', planted: readonly Fault[]): Promise<readonly number[]> {
  const faults = faulty(planted)
  const { source, replica } = folders
  await syncWith({ source, replica, held, concurrency: 1, reject: false }, faults.internals)
  expect(faults.openHandles).toBe(0)
  return faults.struck
}

it.each(['source', 'replica'] as const)(
  'X11: a directory of the %s that is moved outside does not take the run with it',
  async side => {
    if (settings[0]?.held !== holding) return
    write()
    const [climbs = 0] = await run(holding, [{ side, call: 'openParent' }])
    expect(climbs).toBeGreaterThan(0)
    for (let nth = 1; nth <= climbs; nth += 3) {
      for (const level of [firstClimbed, firstClimbed - 3]) {
        const before = write()
        const from = deepAt(folders[side], level)
        const to = join(folders.path, 'outside', 'z', 'moved')
        await run(holding, [{ side, call: 'openParent', nth, times: 1, race: [{ do: 'rename', from, to }] }])
        const after = readTree(join(folders.path, 'outside'))
        expect(only(after, Object.keys(after).filter(isTheirs))).toEqual(
          only(before, Object.keys(before).filter(isTheirs)),
        )
        const found = Object.values(readTree(folders.replica)).filter(({ content }) => content === 'secret')
        expect(found).toEqual([])
      }
    }
  },
)
