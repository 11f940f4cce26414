/** What takes a file system of its own to be seen. */
import { Buffer } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { compareTrees } from '../support/compare-trees.js'
import { file } from '../support/tree-literal.js'
import { type Copied, isSameIn, type Row } from './row.js'

export const fileSystemRows: readonly Row[] = [
  {
    what: 'Shared blocks (reflinks) where the file system has them',
    source: { a: Buffer.alloc(2 ** 20, 'shared') },
    on: { fileSystem: 'btrfs' },
    kept: ['facsimile', '`cp -a`', '`fs.cp`'],
    isKept: copied =>
      isSameIn(['content'])(copied) && extents(copied.source, 'a') === extents(copied.replica, 'a'),
  },
  {
    // It takes modes and owners, and forgets them.
    what: 'Says what the replica could not hold',
    source: { a: file('a', { mode: 0o640, uid: 1000, gid: 1001 }) },
    on: { fileSystem: 'NTFS', replicaOnly: true },
    kept: ['facsimile'],
    isKept: isTold,
  },
]

/** Where the blocks of a file are. */
function extents(folder: string, name: string): string {
  const { stdout, status, stderr } = spawnSync('filefrag', ['-s', '-v', join(folder, name)], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return [...stdout.matchAll(/^ +\d+: +([\d. ]+: +[\d. ]+)/gm)].map(([, where = '']) => where).join()
}

/** Something was lost, and that was told in any way: in words, or by how it ended. */
function isTold({ source, replica, result }: Copied): boolean {
  if (compareTrees(source, replica).length === 0) throw new Error('nothing was lost')
  return result.code !== 0 || /owner|mode|permission/i.test(result.stdout + result.stderr)
}
