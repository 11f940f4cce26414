/**
 * What a held plan says of a change, as text that is compared: two changes with the same texts are one and the same thing
 * to do. A plan is data from elsewhere by then, so nothing of it is done that is not planned anew.
 *
 * Of a directory only what it is itself counts: what it holds has changes of its own. Its times count where it gets its
 * attributes, as they tell of an access list or an attribute that nobody planned.
 */
import type { Action, Change } from './change.js'
import type { Entry } from './entry.js'
import type { RelativePath } from './path.js'

/** The version of what is written. */
export const planVersion = 1

/** A change with all that it is told by. */
export interface HeldChange extends Pick<Change, 'path' | 'linkedTo' | 'renamedFrom'> {
  readonly action: Action
  /** What the replica holds at the path. */
  readonly before: HeldEntry | undefined
  /** What the replica holds under the old name. */
  readonly moved: HeldEntry | undefined
  readonly after: HeldEntry | undefined
  /** Something else comes to the old name, or what is there is deleted by a change of its own. */
  readonly oldNameStays: boolean
}

/** An entry. The numbers of devices are given anew by each start of the system: none is that of the root. */
export type HeldEntry = Omit<Entry, 'allocated' | 'device'> & { readonly device: bigint | undefined }

/** Without what does not say what an entry is. */
export function heldEntry(entry: Entry | undefined, rootDevice: bigint | undefined): HeldEntry | undefined {
  if (entry === undefined) return undefined
  // One by one, which is faster for a million of them.
  const { kind, size, mode, uid, gid, mtimeNs, ctimeNs, inode, links, deviceNumber } = entry
  const device = entry.device === rootDevice ? undefined : entry.device
  return { kind, size, mode, uid, gid, mtimeNs, ctimeNs, device, inode, links, deviceNumber }
}

/** What is to be done, but for what is there. */
export function textOfDeed(change: Omit<HeldChange, 'path'>): string {
  const { action, after, linkedTo, renamedFrom, oldNameStays } = change
  const paths = [pathText(linkedTo), pathText(renamedFrom)]
  return [action, textOf(after, action), ...paths, oldNameStays ? 'stays' : ''].join('|')
}

/** What of the replica a change is about. */
export function textOfReplica({ action, before, moved }: Omit<HeldChange, 'path'>): string {
  return moved === undefined ? textOf(before, action) : `${textOf(before, action)}|${textOf(moved, action)}`
}

function pathText(path: RelativePath | undefined): string {
  return path === undefined ? '' : `=${path}`
}

function textOf(entry: HeldEntry | undefined, action: Action): string {
  if (entry === undefined) return ''
  const { kind, mode, uid, gid, inode, device = '' } = entry
  const known = [kind, mode, uid, gid, inode, device]
  if (kind === 'directory')
    return [...known, ...(action === 'metadata' ? [entry.mtimeNs, entry.ctimeNs] : [])].join(' ')
  const { size, mtimeNs, ctimeNs, links, deviceNumber } = entry
  return [...known, size, mtimeNs, ctimeNs, links, deviceNumber].join(' ')
}
