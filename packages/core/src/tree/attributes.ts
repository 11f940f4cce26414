/**
 * The attributes an entry of the replica can be given, and how they are set.
 *
 * Who is not root cannot give files away. What cannot be held must not be asked for again in every run, so the
 * comparing and the writing side ask this one function for what is wanted.
 */
import type { Entry } from '../model/entry.js'
import { errnoOf } from '../model/errno.js'
import type { Capabilities } from './capabilities.js'
import { withinRange } from './times.js'
import type { Handle, OwnerRights } from './tree.js'
import { accessList, isAcl, type XattrChange } from './xattrs.js'

export interface Attributes {
  /** Undefined: left as it is. */
  readonly uid: number | undefined
  readonly gid: number | undefined
  readonly mode: number | undefined
  readonly mtimeNs: bigint | undefined
  /** Whether owner, group and mode are the source's own. */
  readonly isExact: boolean
}

const setuid = 0o4000
const setgid = 0o2000
const ownerWrites = 0o200
const groupBits = 0o070

/**
 * What the replica's entry can be given of the source's attributes.
 *
 * @param replica what is there; undefined when it is yet to be created, by this user
 * @param made given for what this run makes: the entry whose place it takes, if there is one
 */
export function attainable(
  source: Entry,
  replica: Entry | undefined,
  can: Capabilities,
  made?: { readonly replaces: Entry | undefined },
): Attributes {
  const { uid, gid } = source
  const mode = wantedMode(source, can)
  const { rights } = can
  const mtimeNs = can.times.isWanted ? withinRange(source.mtimeNs, can.times) : undefined
  const setsOwner = can.owner === 'held'
  if (rights.anyOwner && setsOwner && can.mode === 'held') return { uid, gid, mode, mtimeNs, isExact: true }
  // Where owners or modes are not wanted, an entry that is made anew is like the one whose place it takes.
  const taken = made?.replaces?.kind === source.kind ? made.replaces : undefined
  const keepsOwner = can.owner === 'unwanted' && rights.anyOwner && taken !== undefined
  const heldUid = setsOwner && rights.anyOwner ? uid : (replica?.uid ?? (keepsOwner ? taken.uid : rights.uid))
  const isOwner = rights.anyOwner || heldUid === rights.uid
  const givesGroup = setsOwner && isOwner && (rights.anyOwner || rights.groups.includes(gid))
  const heldGid = givesGroup ? gid : (replica?.gid ?? (keepsOwner ? taken.gid : rights.gid))
  let heldMode = mode
  // As cp -p does: a program that runs as its owner must not run as another one.
  if (heldUid !== uid) heldMode &= ~setuid
  if (heldGid !== gid && source.kind === 'file') heldMode &= ~setgid
  // The system clears setgid when who sets a mode is not in the group: what it holds already stays.
  if (heldMode !== replica?.mode && !rights.anyOwner && !rights.groups.includes(heldGid)) heldMode &= ~setgid
  const setsMode = can.mode === 'held'
  // Else as the source's, as far as the umask lets it. Nothing runs as another owner than it did.
  const ownMode = (taken?.mode ?? mode & can.newModes) & ~(setuid | setgid)
  const keepsMode = can.mode === 'unwanted' && can.takesModes && made !== undefined
  return {
    uid: setsOwner || keepsOwner ? heldUid : undefined,
    gid: setsOwner || keepsOwner ? heldGid : undefined,
    mode: setsMode ? heldMode : keepsMode ? ownMode : undefined,
    mtimeNs,
    isExact: setsOwner && setsMode && heldUid === uid && heldGid === gid && heldMode === mode,
  }
}

/** The mode of the source, as far as the caller wants it. */
export function wantedMode({ kind, mode }: Entry, { takesPrivileges }: Capabilities): number {
  return takesPrivileges || kind !== 'file' ? mode : mode & ~(setuid | setgid)
}

/** An extended attribute that could not be set, and why. */
export interface Unset {
  readonly name: string
  readonly error: unknown
}

/**
 * Gives a held entry its attributes. The order matters: setting the owner clears setuid, setgid and a program's
 * capabilities, and everything else moves the time. With a list the group's bits of the mode are the most that anybody
 * of the list has, so lists are set before the mode. They are removed while the group's bits are none, which are set last:
 * neither the group nor the people of a list ever have more than they are to have.
 *
 * @returns the first extended attribute that the replica refuses, when there is one; all others are set
 */
export function dress(
  handle: Handle,
  current: Entry,
  wanted: Attributes,
  xattrs: readonly XattrChange[] = [],
): Unset | undefined {
  const { uid = current.uid, gid = current.gid, mode = current.mode } = wanted
  const chowned = current.uid !== uid || current.gid !== gid
  if (chowned) handle.setOwner(uid, gid)
  const opening = new Opening(handle, current)
  const unset = opening.setAll(xattrs, ({ name }) => !isAcl(name))
  const unsetLists = opening.setAll(xattrs, ({ name, value }) => isAcl(name) && value !== undefined)
  // INVARIANT: after a change of owner the mode is set again, for the system may have cleared bits of it.
  // And after an access list, which sets the group's bits.
  const list = xattrs.find(({ name }) => name === accessList)
  const setsMode = wanted.mode !== undefined && (chowned || current.mode !== mode || list !== undefined)
  const removesList = list !== undefined && list.value === undefined
  // INVARIANT: the group's bits are for the group alone: not for who is on a list that goes, or would need one that was refused.
  const narrowed = removesList || unsetLists?.name === accessList ? mode & ~groupBits : mode
  const isModed = current.kind !== 'symlink'
  if (isModed && (setsMode || removesList || opening.isOpened)) handle.setMode(narrowed)
  const unremoved = opening.setAll(xattrs, ({ name, value }) => isAcl(name) && value === undefined)
  const isWidened = removesList && unremoved?.name !== accessList
  if (isModed && isWidened && mode !== narrowed) handle.setMode(mode)
  if (wanted.mtimeNs !== undefined) handle.setMtime(wanted.mtimeNs)
  return unset ?? unsetLists ?? unremoved
}

/** What an attribute is refused with that this file system, or this user, may not have; all else fails the change. */
const refusals: ReadonlySet<string> = new Set([
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSPC',
  'E2BIG',
  'ERANGE',
  'EPERM',
  'EACCES',
  'EINVAL',
  'EILSEQ',
  'ENAMETOOLONG',
])

/** Sets extended attributes, also of what its owner may not write to: for that time it is made writable. */
class Opening {
  isOpened = false
  private readonly handle: Handle
  private readonly current: Entry

  constructor(handle: Handle, current: Entry) {
    this.handle = handle
    this.current = current
  }

  /** Tries each, whatever became of those before it, and returns the first that was refused. */
  setAll(changes: readonly XattrChange[], isMeant: (change: XattrChange) => boolean): Unset | undefined {
    let first: Unset | undefined
    for (const change of changes) {
      const refused = isMeant(change) ? this.set(change) : undefined
      first ??= refused
    }
    return first
  }

  private set(change: XattrChange): Unset | undefined {
    try {
      this.handle.setXattr(change.name, change.value)
    } catch (error) {
      const code = errnoOf(error) ?? ''
      if (code === 'EACCES' && this.open()) return this.set(change)
      if (refusals.has(code)) return { name: change.name, error }
      throw error
    }
    return undefined
  }

  private open(): boolean {
    const { kind, mode } = this.current
    if (this.isOpened || kind === 'symlink' || (mode & ownerWrites) !== 0) return false
    this.handle.setMode(mode | ownerWrites)
    this.isOpened = true
    return true
  }
}

/** Whether an entry has the owner and the mode that {@link dress} gives. */
export function isDressed(found: Entry, { uid, gid, mode }: Attributes): boolean {
  // A symbolic link has no mode of its own.
  const isMode = found.kind === 'symlink' || found.mode === (mode ?? found.mode)
  return isMode && found.uid === (uid ?? found.uid) && found.gid === (gid ?? found.gid)
}

/**
 * Whether a file is to be given setuid or setgid that it does not have yet, as the owner and group it is to have.
 *
 * INVARIANT: only bytes that this run has copied are: those of a replica may be anybody's, and however often they are looked
 * at, who has the file open or mapped changes them afterwards.
 */
export function gainsPrivilege(found: Entry, wanted: Attributes): boolean {
  const isPrivileged = found.kind === 'file' && ((wanted.mode ?? 0) & (setuid | setgid)) !== 0
  return isPrivileged && !isDressed(found, wanted)
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
