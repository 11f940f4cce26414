/**
 * The file systems that tests mount, and what each of them can keep. Those that this machine cannot make are left out of
 * a suite by construction, and `file-systems.test.ts` has one test for each, skipped by name where it is not to be had.
 */
import { accessSync, constants, existsSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { hostileNames } from './hostile-names.js'
import { canMount, run } from './mounts.js'

/** What comes back as it was given. */
export type Keeps = {
  readonly names: 'bytes' | 'UTF-8' | 'ASCII'
  readonly links: boolean
  readonly hardLinks: boolean
  /** FIFOs, sockets and devices. */
  readonly specials: boolean
  readonly modes: boolean
  readonly owners: boolean
  /** Times are floored to so many nanoseconds, or cut off towards zero, between these two. */
  readonly times: {
    readonly precisionNs: bigint
    readonly from: bigint
    readonly to: bigint
    readonly cut?: true
  }
  /** Bytes of the longest extended attribute; 0 where there are none. */
  readonly longestAttribute: number
  /** Access control lists, and attributes other than those of users. */
  readonly acls: boolean
  readonly reflinks: boolean
  readonly holes: boolean
}

export type FileSystem = {
  readonly name: string
  /** What is needed besides root. */
  readonly tools: readonly string[]
  readonly keeps: Keeps
  /** Makes it and mounts it at an empty directory; `beside` is a directory for what lies under it. */
  readonly mount: (at: string, beside: string) => void
}

const second = 1_000_000_000n
const year = 31_557_600n * second
/** What Linux itself can hold. */
export const everything: Keeps = {
  names: 'bytes',
  links: true,
  hardLinks: true,
  specials: true,
  modes: true,
  owners: true,
  times: { precisionNs: 1n, from: -68n * year, to: 400n * year },
  longestAttribute: 65_536,
  acls: true,
  reflinks: false,
  holes: true,
}

export const fileSystems: readonly FileSystem[] = [
  {
    name: 'ext4',
    tools: ['mkfs.ext4'],
    // What does not fit into the inode has one block, for all of them together.
    keeps: { ...everything, longestAttribute: 3000 },
    mount: onLoop(64, ['mkfs.ext4', '-q', '-F', '-b', '4096']),
  },
  {
    name: 'ext4 of seconds',
    tools: ['mkfs.ext4'],
    keeps: {
      ...everything,
      // Inodes of 128 bytes have 32 bits for a time.
      times: { precisionNs: second, from: -(2n ** 31n) * second, to: (2n ** 31n - 1n) * second },
      longestAttribute: 3000,
    },
    mount: onLoop(64, ['mkfs.ext4', '-q', '-F', '-b', '4096', '-I', '128']),
  },
  {
    name: 'tmpfs',
    tools: [],
    keeps: everything,
    mount: at => run('mount', ['-t', 'tmpfs', '-o', 'size=512m', 'none', at]),
  },
  {
    name: 'btrfs',
    tools: ['mkfs.btrfs'],
    keeps: { ...everything, longestAttribute: 3000, reflinks: true },
    mount: onLoop(256, ['mkfs.btrfs', '-q', '-f']),
  },
  {
    name: 'xfs',
    tools: ['mkfs.xfs'],
    keeps: { ...everything, reflinks: true },
    mount: onLoop(512, ['mkfs.xfs', '-q', '-f', '-m', 'reflink=1']),
  },
  { name: 'overlay', tools: [], keeps: everything, mount: mountOverlay },
  {
    name: 'FAT',
    tools: ['mkfs.fat', 'fusefat'],
    keeps: {
      ...everything,
      names: 'ASCII',
      links: false,
      hardLinks: false,
      specials: false,
      modes: false,
      owners: false,
      times: { precisionNs: 2n * second, from: 10n * year + 10n * 86_400n * second, to: 137n * year },
      longestAttribute: 0,
      acls: false,
      holes: false,
    },
    mount: byProgram(64, ['mkfs.fat'], (image, at) => ['fusefat', image, at, '-o', 'rw+']),
  },
  {
    name: 'NTFS',
    tools: ['mkntfs', 'ntfs-3g'],
    keeps: {
      ...everything,
      names: 'UTF-8',
      modes: false,
      owners: false,
      times: { precisionNs: 100n, from: -68n * year, to: 400n * year, cut: true },
      acls: false,
    },
    mount: byProgram(64, ['mkntfs', '-F', '-q', '-Q'], (image, at) => ['ntfs-3g', image, at]),
  },
]

/** Neither owners nor modes: what files have, and what directories have, is said when it is mounted. */
export const maskedNtfs: FileSystem = {
  name: 'NTFS by masks',
  tools: ['mkntfs', 'ntfs-3g'],
  keeps: {
    ...everything,
    names: 'UTF-8',
    modes: false,
    owners: false,
    times: { precisionNs: 100n, from: -68n * year, to: 400n * year, cut: true },
    acls: false,
  },
  mount: byProgram(64, ['mkntfs', '-F', '-q', '-Q'], (image, at) => [
    'ntfs-3g',
    image,
    at,
    '-o',
    'fmask=0177,dmask=0022',
  ]),
}

/** Whether this machine has all that it takes. */
export function canMake({ tools }: FileSystem): boolean {
  return canMount && tools.every(isInstalled)
}

/** The hostile names that it can hold. */
export function namesFor({ names }: Pick<Keeps, 'names'>): readonly string[] {
  if (names === 'bytes') return hostileNames
  // One name of 255 characters needs more than one entry of 32 bytes for each, and so on: enough are left.
  if (names === 'UTF-8') return hostileNames.filter(name => name.isWellFormed())
  return hostileNames.filter(name => /^[a-z0-9_.$%' #!@()-]*[a-z0-9_]$/i.test(name) && !name.startsWith(' '))
}

/** Programs of the administrator are not on everybody's path. */
function isInstalled(tool: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.some(folder => {
    try {
      accessSync(join(folder, tool), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

type Mount = FileSystem['mount']

/** In a file with holes, on a loop device that is given back with the last mount of it. */
function onLoop(megabytes: number, make: readonly [string, ...string[]]): Mount {
  return (at, beside) => {
    const image = makeImage(beside, megabytes, make)
    run('mount', ['-o', 'loop', image, at])
  }
}

/** Through FUSE: the program goes on in the background and ends when it is unmounted. */
function byProgram(
  megabytes: number,
  make: readonly [string, ...string[]],
  mount: (image: string, at: string) => readonly [string, ...string[]],
): Mount {
  return (at, beside) => {
    const [program, ...args] = mount(makeImage(beside, megabytes, make), at)
    run(program, args)
  }
}

function makeImage(
  beside: string,
  megabytes: number,
  [program, ...args]: readonly [string, ...string[]],
): string {
  const image = join(beside, 'image')
  writeFileSync(image, '')
  truncateSync(image, megabytes * 2 ** 20)
  const path = `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`
  run(program, [...args, image], { ...process.env, PATH: path })
  return image
}

/** On a tmpfs of its own, for not every file system can be the upper one. */
function mountOverlay(at: string, beside: string): void {
  const under = join(beside, 'under')
  if (!existsSync(under)) mkdirSync(under)
  run('mount', ['-t', 'tmpfs', 'none', under])
  for (const part of ['lower', 'upper', 'work']) mkdirSync(join(under, part))
  const parts = `lowerdir=${under}/lower,upperdir=${under}/upper,workdir=${under}/work`
  run('mount', ['-t', 'overlay', '-o', parts, 'overlay', at])
}
