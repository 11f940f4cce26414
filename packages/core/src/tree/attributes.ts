/**
 * The attributes an entry of the replica can be given, and how they are set.
 *
 * Who is not root cannot give files away. What cannot be held must not be asked for again in every run, so the
 * comparing and the writing side ask this one function for what is wanted.
 */
import type { Entry } from '../model/entry.js'
import type { Handle, OwnerRights } from './tree.js'

export interface Attributes {
  readonly uid: number
  readonly gid: number
  readonly mode: number
  readonly mtimeNs: bigint
  /** Whether owner, group and mode are the source's own. */
  readonly isExact: boolean
}

const setuid = 0o4000
const setgid = 0o2000

/**
 * What the replica's entry can be given of the source's attributes.
 *
 * @param replica what is there; undefined when it is yet to be created, by this user
 */
export function attainable(source: Entry, replica: Entry | undefined, rights: OwnerRights): Attributes {
  const { uid, gid, mode, mtimeNs } = source
  if (rights.anyOwner) return { uid, gid, mode, mtimeNs, isExact: true }
  const heldUid = replica?.uid ?? rights.uid
  const heldGid = rights.groups.includes(gid) && heldUid === rights.uid ? gid : (replica?.gid ?? rights.gid)
  let heldMode = mode
  // As cp -p does: a program that runs as its owner must not run as another one.
  if (heldUid !== uid) heldMode &= ~setuid
  if (heldGid !== gid && source.kind === 'file') heldMode &= ~setgid
  // The system clears setgid when who sets a mode is not in the group: what it holds already stays.
  if (heldMode !== replica?.mode && !rights.groups.includes(heldGid)) heldMode &= ~setgid
  const isExact = heldUid === uid && heldGid === gid && heldMode === mode
  return { uid: heldUid, gid: heldGid, mode: heldMode, mtimeNs, isExact }
}

/**
 * Gives a held entry its attributes. The order matters: setting the owner clears setuid and setgid, and
 * everything else moves the time.
 */
export function dress(handle: Handle, current: Entry, wanted: Attributes): void {
  const chowned = current.uid !== wanted.uid || current.gid !== wanted.gid
  if (chowned) handle.setOwner(wanted.uid, wanted.gid)
  // INVARIANT: after a change of owner the mode is set again, for the system may have cleared bits of it.
  if (current.kind !== 'symlink' && (chowned || current.mode !== wanted.mode)) handle.setMode(wanted.mode)
  handle.setMtime(wanted.mtimeNs)
}

/** What this process may do about owners. Windows has none that Node could set. */
export function ownerRights(): OwnerRights {
  const uid = process.geteuid?.() ?? 0
  const gid = process.getegid?.() ?? 0
  return {
    anyOwner: uid === 0 || process.geteuid === undefined,
    uid,
    gid,
    groups: [gid, ...(process.getgroups?.() ?? [])],
  }
}
