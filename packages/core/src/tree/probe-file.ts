/**
 * What a file system keeps, found out on a file that nobody else sees: set, and read back. What is refused, and what
 * is taken in silence and not kept (as ntfs-3g does with modes), is not held.
 */
import { errnoOf } from '../model/errno.js'
import { type Abilities, fullAbilities } from './abilities.js'
import type { FileHandle, Handle, OwnerRights } from './tree.js'

/** What a file tells; names, links and special files it cannot. */
export type FileAbilities = Pick<
  Abilities,
  | 'owners'
  | 'modes'
  | 'userXattrs'
  | 'trustedXattrs'
  | 'securityXattrs'
  | 'acls'
  | 'holes'
  | 'timeStepNs'
  | 'earlyStepNs'
  | 'earliestNs'
  | 'latestNs'
>

/** @param native whether extended attributes can be set at all in this way of working */
export function probeFile(file: FileHandle, rights: OwnerRights, native: boolean): FileAbilities {
  return {
    owners: keepsOwners(file, rights),
    modes: keepsModes(file),
    userXattrs: native && takesXattr(file, 'user.facsimile', Buffer.from('1')),
    trustedXattrs: native && takesXattr(file, 'trusted.facsimile', Buffer.from('1')),
    securityXattrs: native && takesXattr(file, 'security.capability', capability),
    acls: native && takesXattr(file, 'system.posix_acl_access', acl),
    holes: keepsHoles(file),
    timeStepNs: stepOf(file, fine),
    earlyStepNs: stepOf(file, earlyAndFine),
    earliestNs: furthest(file, earliest),
    latestNs: furthest(file, latest),
  }
}

/** What is answered to what a file system has no place for, or does not let this user do. */
const refusals: ReadonlySet<string> = new Set(['ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EPERM', 'EACCES'])

/** Any other failure tells nothing of the file system. */
function isTaken(step: () => void): boolean {
  try {
    step()
    return true
  } catch (error) {
    return !refusals.has(errnoOf(error) ?? '')
  }
}

/** Whether a file gets the permissions it is given. */
export function keepsModes(file: Handle): boolean {
  const keeps = (mode: number): boolean => isTaken(() => file.setMode(mode)) && file.stat().mode === mode
  return keeps(0o600) && keeps(0o640)
}

/** Who is not root can only see whether a file is theirs. */
function keepsOwners(file: Handle, { anyOwner, uid }: OwnerRights): boolean {
  if (!anyOwner) return file.stat().uid === uid
  const other = file.stat().uid + 1
  try {
    file.setOwner(other, other)
  } catch (error) {
    // EINVAL: this process cannot even name that user.
    return errnoOf(error) !== 'EINVAL' && !refusals.has(errnoOf(error) ?? '')
  }
  const { uid: found, gid } = file.stat()
  isTaken(() => file.setOwner(uid, 0))
  return found === other && gid === other
}

/** Version 2, with nothing in it. */
const capability = Buffer.from('0000000200000000000000000000000000000000', 'hex')

/** Read and write for the owner and user 1, read for the others; see posix_acl_xattr.h. */
const acl = Buffer.from(
  '02000000' +
    '01000600ffffffff' +
    '0200060001000000' +
    '04000400ffffffff' +
    '10000600ffffffff' +
    '20000400ffffffff',
  'hex',
)

function takesXattr(file: Handle, name: string, value: Uint8Array): boolean {
  if (!isTaken(() => file.setXattr(name, value))) return false
  const found = file.xattrs().get(name)
  isTaken(() => file.setXattr(name, undefined))
  return found !== undefined && Buffer.compare(found, value) === 0
}

const holeSize = 1 << 20

function keepsHoles(file: FileHandle): boolean {
  if (!isTaken(() => file.setSize(holeSize))) return false
  const { size, allocated } = file.stat()
  isTaken(() => file.setSize(0))
  return size === holeSize && allocated < size
}

const second = 1_000_000_000n
/** An odd second, and all that can be in it. */
const fine = 1_000_000_001n * second + 999_999_999n
/** Cut off towards zero or floored, each step is told from the others. */
const earlyAndFine = -1_000_000_001n * second - 504_567_650n
/** What file systems count in: the last is FAT's. Below the first of them it is Node that is coarse. */
const steps: readonly bigint[] = [1000n, 1_000_000n, 10_000_000n, second, 2n * second]

function stepOf(file: Handle, wanted: bigint): bigint {
  const off = wanted - timeAfter(file, wanted)
  const lost = off < 0n ? -off : off
  if (lost < 100n) return lost === 0n ? 1n : 100n
  if (lost <= 1000n) return fullAbilities.timeStepNs
  return steps.find(step => lost < step) ?? 2n * second
}

/** From the furthest to the nearest: no file system needs more than the last of them, which is FAT's begin and end. */
const latest: readonly bigint[] = [2n ** 40n, 15_032_385_535n, 4_354_819_198n, 2n ** 32n - 1n, 2n ** 31n - 1n]
const earliest: readonly bigint[] = [
  -(2n ** 40n),
  -11_644_473_600n,
  -(2n ** 31n),
  0n,
  315_532_800n,
  315_619_200n,
]

/**
 * The furthest time in one direction. Linux cuts off what is beyond the end, so that what is read back is the end, and
 * what is a little beyond it is cut off as well; some file systems of user space begin again at the other end.
 */
function furthest(file: Handle, candidates: readonly bigint[]): bigint {
  for (const candidate of candidates) {
    const wanted = candidate * second
    const got = timeAfter(file, wanted)
    const away = candidate < 0n ? -2n * second : 2n * second
    // As far as it was asked is as far as it goes.
    if (got === wanted && candidate === candidates[0])
      return candidate < 0n ? fullAbilities.earliestNs : fullAbilities.latestNs
    if (got === wanted || (timeAfter(file, got) === got && timeAfter(file, got + away) === got)) return got
  }
  return (candidates.at(-1) ?? 0n) * second
}

function timeAfter(file: Handle, time: bigint): bigint {
  return isTaken(() => file.setMtime(time)) ? file.stat().mtimeNs : 0n
}
