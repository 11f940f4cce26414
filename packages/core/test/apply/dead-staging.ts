/** What a run that was killed has left in a replica: a big file that it had not finished. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Intended, writeNote } from '../../src/apply/unfinished.js'
import type { Name } from '../../src/model/path.js'
import { markerName, ownMarker } from '../../src/tree/staging-marker.js'
import type { Tree } from '../../src/tree/tree.js'

export const deadStaging = `.facsimile-${'0123456789abcdef'.repeat(2)}` as Name
export const intended: Intended = { path: 'd/big', device: 1n, inode: 2n ** 63n, size: 9, mtimeNs: -5n }

/** Made by a process that is gone, in a part that is open to those that a mode lets in. */
export function leaveUnfinished(tree: Tree, replica: string, note = intended, mode = 0o700): void {
  const part = join(replica, deadStaging, '0')
  mkdirSync(part, { recursive: true, mode: 0o700 })
  chmodSync(part, mode)
  writeFileSync(join(replica, deadStaging, markerName), JSON.stringify({ ...ownMarker(), bootId: 'another' }))
  writeFileSync(join(part, '1'), 'half')
  const whole = tree.openDirectory(tree.root, deadStaging)
  const directory = tree.openDirectory(whole, '0' as Name)
  writeNote(tree, directory, '1' as Name, note)
  directory.close()
  whole.close()
}
