/**
 * Which folder a path leads to, in terms that outlive a restart of the system and an ordinary remount: device numbers do
 * not, for they are given in the order in which devices are found and things are mounted.
 *
 * - A file system on a disk has an identifier of its own, asked of the system or found in `/dev/disk/by-uuid` or what the system says of its devices.
 * - One of a server or a program is told by what is mounted.
 * - One that is made anew by each mount is told by where it is mounted; as long as the system runs, also by its device,
 *   and when it was made: what a tmpfs held is gone when it is unmounted.
 * - The folder within it is told by its inode, and by when it was made.
 */
import {
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { basename } from 'node:path'
import type { SourceSeen } from '../model/source-seen.js'
import type { OpenedRoot } from './local.js'
import { mountOf, type MountTable } from './mounts.js'
import { loadLibc } from './native.js'

export interface FolderIdentity {
  /** The kind of file system. */
  readonly type: string
  /** Its own identifier; empty where that is not to be had. */
  readonly uuid: string
  /** What is mounted, or where. */
  readonly place: string
  /** Which run of the system, and what gives the file system away as long as that lasts; empty where nothing does. */
  readonly run: string
  readonly mounted: string
  readonly inode: string
  /** When the folder was made; 0 where that is not known. */
  readonly bornNs: string
}

/** Their content ends with their mount. */
const passing: ReadonlySet<string> = new Set(['tmpfs', 'ramfs', 'rootfs'])
/** As they are mounted, by whatever means, they say nothing of what they are made of. */
const nameless: ReadonlySet<string> = new Set([...passing, 'overlay', 'aufs'])

export function identifyFolder(root: OpenedRoot, path: string, mounts?: MountTable): FolderIdentity {
  const { device, inode } = root.entry
  const mount = mountOf(path, mounts)
  const folder = { inode: String(inode), bornNs: String(bornNs(path)) }
  if (mount === undefined) {
    const type = String(statfsSync(path).type)
    // Windows knows a volume by a number that is its own.
    const uuid = process.platform === 'win32' ? String(device) : ''
    return { type, uuid, place: '', run: '', mounted: '', ...folder }
  }
  const { type, from, point, born } = mount
  const lasts = !passing.has(type)
  return {
    type,
    uuid: nameless.has(type) ? '' : (uuidBySystem(root) ?? uuidByDevice(type, from)),
    place: nameless.has(type) ? point : from,
    run: lasts ? '' : runOfSystem(),
    mounted: lasts ? '' : `${device} ${born}`,
    ...folder,
  }
}

/** What a folder is, where another one, or the same, was found before. */
export function compareIdentities(before: FolderIdentity, now: FolderIdentity, since: bigint): SourceSeen {
  if (isOtherFileSystem(before, now)) return 'another file system'
  if (isSameFolder(before, now)) return 'as before'
  const born = BigInt(now.bornNs)
  return born > since ? 'made anew' : 'another folder'
}

/** Inodes are given again, and the top of many file systems has one and the same. */
function isSameFolder(before: FolderIdentity, now: FolderIdentity): boolean {
  if (before.inode !== now.inode) return false
  return before.bornNs === now.bornNs || before.bornNs === unknownTime || now.bornNs === unknownTime
}

function isOtherFileSystem(before: FolderIdentity, now: FolderIdentity): boolean {
  if (before.type !== now.type) return true
  if (before.uuid !== '' && now.uuid !== '') return before.uuid !== now.uuid
  if (before.place !== now.place) return true
  return before.run !== '' && before.run === now.run && before.mounted !== now.mounted
}

/** `FS_IOC_GETFSUUID`: a length, and so many bytes. */
const getUuid = 0x80111500
const uuidBytes = 16

function uuidBySystem({ spec }: OpenedRoot): string | undefined {
  const libc = spec.way === 'libc' ? loadLibc() : undefined
  const answer = new Uint8Array(1 + uuidBytes)
  // Linux before 6.9 does not know the question, and some file systems have no answer.
  if (libc === undefined || libc.ioctlInto(spec.fd, getUuid, answer) !== 0) return undefined
  const digits = Buffer.from(answer.subarray(1)).toString('hex')
  if (answer[0] !== uuidBytes || /^0*$/.test(digits)) return undefined
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

const links = '/dev/disk/by-uuid'
const btrfs = '/sys/fs/btrfs'

/** Of what is mounted from a device; empty where nobody tells. */
function uuidByDevice(type: string, device: string): string {
  if (!device.startsWith('/dev/')) return ''
  try {
    if (type === 'btrfs') {
      const name = basename(realpathSync(device))
      return readdirSync(btrfs).find(uuid => existsSync(`${btrfs}/${uuid}/devices/${name}`)) ?? ''
    }
    const { rdev } = statSync(device)
    return readdirSync(links).find(uuid => statSync(`${links}/${uuid}`).rdev === rdev) ?? ''
  } catch {
    return ''
  }
}

/** The boot, and the table of mounts: in a container of its own everything is mounted anew. */
function runOfSystem(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    return `${boot} ${readlinkSync('/proc/self/ns/mnt')}`
  } catch {
    return ''
  }
}

const unknownTime = '0'

function bornNs(path: string): bigint {
  try {
    return tellsBirths() ? statSync(path, { bigint: true }).birthtimeNs : 0n
  } catch {
    return 0n
  }
}

/** Where the system does not answer `statx`, Node gives the time of the last change: /proc, which knows no births, shows it. */
function tellsBirths(): boolean {
  return process.platform !== 'linux' || statSync('/proc/self', { bigint: true }).birthtimeNs === 0n
}
