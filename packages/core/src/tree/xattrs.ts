/**
 * Extended attributes, with access control lists among them, as the system keeps them: which of them are mirrored,
 * and what has to be set so that the replica's are the source's.
 */

/** By name, in the lossless form of names. The value is undefined when it may not be read. */
export type Xattrs = ReadonlyMap<string, Uint8Array | undefined>

export const noXattrs: Xattrs = new Map()

/**
 * - `held`: mirrored
 * - `unheld`: wanted, but the replica cannot be given it: a residual
 * - `unwanted`: the caller opted out; neither compared nor set
 */
export type Holding = 'held' | 'unheld' | 'unwanted'

/** What the replica can be given, by kind of attribute; see xattr(7). */
export interface XattrHoldings {
  /** `user.*`: any owner may set these, on files and directories. */
  readonly user: Holding
  /** `trusted.*`: seen and set by root only. */
  readonly trusted: Holding
  /** `security.*`, such as a program's capabilities. */
  readonly security: Holding
  readonly acls: Holding
  /** Whether a program's capabilities are taken over. If not, it is to have none. */
  readonly takesCapabilities: boolean
}

/** One attribute to be set, or removed where there is no value. */
export interface XattrChange {
  readonly name: string
  readonly value: Uint8Array | undefined
}

export const accessList = 'system.posix_acl_access'
/** The attributes that Linux keeps access control lists in. */
const acls: ReadonlySet<string> = new Set([accessList, 'system.posix_acl_default'])

/** Made by the kernel for each file and worthless for another, or another name of what is mirrored as a list. */
const ofTheFileItself: ReadonlySet<string> = new Set([
  'security.ima',
  'security.evm',
  'trusted.SGI_ACL_FILE',
  'trusted.SGI_ACL_DEFAULT',
])

/** Given by the system's policy to each file: replaced by the source's, but never taken away. */
const labels: ReadonlySet<string> = new Set(['security.selinux', 'security.SMACK64', 'security.apparmor'])

export function isAcl(name: string): boolean {
  return acls.has(name)
}

/** Whether attributes are mirrored at all. */
export function wantsXattrs(holdings: XattrHoldings): boolean {
  const { user, trusted, security, acls: lists } = holdings
  return [user, trusted, security, lists].some(holding => holding !== 'unwanted')
}

/** Whether some are wanted that the replica cannot be given. */
export function lacksXattrs(holdings: XattrHoldings): boolean {
  return Object.values(holdings).includes('unheld')
}

function holdingOf(name: string, holdings: XattrHoldings): Holding {
  if (isAcl(name)) return holdings.acls
  if (ofTheFileItself.has(name)) return 'unwanted'
  if (name.startsWith('user.')) return holdings.user
  if (name.startsWith('trusted.')) return holdings.trusted
  if (name.startsWith('security.')) return holdings.security
  // What a file system makes up of its own, such as `btrfs.compression`.
  return holdings.user === 'unwanted' ? 'unwanted' : 'unheld'
}

/** What lets a program do more than who runs it. */
export const capabilities = 'security.capability'

/** Whether an attribute of the source counts. */
function isTaken(name: string, { takesCapabilities }: XattrHoldings): boolean {
  return takesCapabilities || name !== capabilities
}

/** Whether a file is to have capabilities. */
export function givesCapabilities(source: Xattrs, holdings: XattrHoldings): boolean {
  if (source.get(capabilities) === undefined) return false
  return isTaken(capabilities, holdings) && holdingOf(capabilities, holdings) === 'held'
}

/** Whether attributes of an entry of the source are wanted, and cannot be held in the replica or read. */
export function hasUnheld(xattrs: Xattrs, holdings: XattrHoldings): boolean {
  if (xattrs.size === 0) return false
  for (const [name, value] of xattrs) {
    if (!isTaken(name, holdings)) continue
    const holding = holdingOf(name, holdings)
    if (holding === 'unheld' || (holding === 'held' && value === undefined)) return true
  }
  return false
}

const nothing: readonly XattrChange[] = []

/** Whether there are attributes of the replica that are wanted and may not be read. */
export function hasUnreadable(xattrs: Xattrs, holdings: XattrHoldings): boolean {
  return [...xattrs].some(([name, value]) => value === undefined && holdingOf(name, holdings) === 'held')
}

/** What makes the replica's attributes the source's. */
export function xattrChanges(
  source: Xattrs,
  replica: Xattrs,
  holdings: XattrHoldings,
): readonly XattrChange[] {
  if (source.size === 0 && replica.size === 0) return nothing
  const changes: XattrChange[] = []
  for (const name of replica.keys()) {
    const isWanted = source.has(name) && isTaken(name, holdings)
    if (!isWanted && !labels.has(name) && holdingOf(name, holdings) === 'held')
      changes.push({ name, value: undefined })
  }
  for (const [name, value] of source) {
    if (value === undefined || !isTaken(name, holdings) || holdingOf(name, holdings) !== 'held') continue
    const there = replica.get(name)
    // What may not be read there may be equal, and cannot be compared in the next run either.
    if (there === undefined && replica.has(name)) continue
    if (there === undefined || Buffer.compare(value, there) !== 0) changes.push({ name, value })
  }
  return changes
}
