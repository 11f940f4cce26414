/** Which file systems are mounted where. Bind mounts too, which no device number gives away. */
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { RelativePath } from '../model/path.js'
import { nameFromBytes } from './names.js'

/** One line of the table of mounts; paths as bytes in latin1. */
interface Mount {
  readonly device: string
  /** Which directory of its file system is mounted. */
  readonly root: string
  readonly point: string
  /** All that the system says of it. */
  readonly line: string
}

const deviceField = 2
const rootField = 3
const pointField = 4
/** Those that may be there or not end with a hyphen. */
const fieldsBeforeOptional = 6

/** What is mounted, as it was read at one moment, and where paths led when they were first asked for since. */
export interface MountTable {
  readonly mounts: readonly Mount[]
  /** As bytes in latin1; a path that is still to be made is where its parent is. */
  readonly realOf: (path: string) => string
}

/** Empty where /proc does not tell. */
export function readMountTable(): MountTable {
  const known = new Map<string, string>()
  const realOf = (path: string): string => {
    const real = known.get(path) ?? findReal(path)
    known.set(path, real)
    return real
  }
  try {
    return { mounts: readMounts(), realOf }
  } catch {
    // Not Linux, or no /proc.
    return { mounts: [], realOf }
  }
}

/** The mount points strictly below a directory; none where /proc does not tell. */
export function mountsBelow(root: string, table: MountTable = readMountTable()): readonly RelativePath[] {
  const { mounts, real } = look(root, table)
  return below(mounts, real).map(({ point }) => nameFromBytes(Buffer.from(relative(real, point), 'latin1')))
}

/**
 * Which file system a folder, there or still to be made, lies in, as text: what the system says of the mount, and when
 * its top was made, as far as that is known, for another one may be mounted there as the same device.
 */
export function fileSystemOf(folder: string, table: MountTable = readMountTable()): string {
  const { mounts, real: path } = look(folder, table)
  const mount = mountHolding(mounts, path)
  return mount === undefined ? '' : `${mount.line} ${bornAt(Buffer.from(mount.point, 'latin1'))}`
}

/** What is known of the mount that a folder lies in. */
export interface MountOf {
  /** Of the file system, such as `ext4`. */
  readonly type: string
  /** What is mounted: a device, a server's export, a word. */
  readonly from: string
  readonly point: string
  /** When its top was made; 0 where that is not known. */
  readonly born: bigint
}

/** Undefined where /proc does not tell. */
export function mountOf(folder: string, table: MountTable = readMountTable()): MountOf | undefined {
  const { mounts, real: path } = look(folder, table)
  const mount = mountHolding(mounts, path)
  if (mount === undefined) return undefined
  const fields = mount.line.split(' ')
  const [type = '', from = ''] = fields.slice(fields.indexOf('-', fieldsBeforeOptional) + 1)
  const { point } = mount
  return { type, from: unescapeOctal(from), point, born: bornAt(Buffer.from(point, 'latin1')) }
}

function bornAt(path: Buffer): bigint {
  try {
    return statSync(path, { bigint: true }).birthtimeNs
  } catch {
    return 0n
  }
}

/** A directory of a file system, wherever that is mounted. */
interface Region {
  readonly device: string
  readonly path: string
  /** Where it is seen. */
  readonly point: string
}

/**
 * Where a mount makes part of one tree part of the other; undefined when none does. `outer` is the mount point, or
 * the root itself.
 *
 * @param entersMounts whether what is mounted below the source belongs to it
 */
export function sharedMount(
  { source, replica }: { readonly source: string; readonly replica: string },
  entersMounts: boolean,
  table: MountTable,
): string | undefined {
  const { mounts, real: realSource } = look(source, table)
  const realReplica = look(replica, table).real
  const inSource = regionsOf(mounts, realSource, entersMounts)
  for (const mine of regionsOf(mounts, realReplica, true)) {
    const met = inSource.find(its => its.device === mine.device && overlap(its.path, mine.path))
    if (met === undefined) continue
    const shown = mine.point === realReplica ? met.point : mine.point
    return nameFromBytes(Buffer.from(shown, 'latin1'))
  }
  return undefined
}

/** What a root shows: itself, and what is mounted below it. */
function regionsOf(mounts: readonly Mount[], path: string, entersMounts: boolean): readonly Region[] {
  const own = regionOf(mounts, path)
  const inside = entersMounts ? below(mounts, path) : []
  const mounted = inside.map(({ device, root, point }) => ({ device, path: root, point }))
  return own === undefined ? mounted : [own, ...mounted]
}

function overlap(a: string, b: string): boolean {
  return isBelow(a, b) || isBelow(b, a) || a === b
}

function mountHolding(mounts: readonly Mount[], path: string): Mount | undefined {
  // Of several mounts at one point the last is the one that is seen.
  const over = mounts.filter(({ point }) => point === path || isBelow(path, point))
  return over.reduce<Mount | undefined>(
    (best, mount) => (best === undefined || mount.point.length >= best.point.length ? mount : best),
    undefined,
  )
}

function regionOf(mounts: readonly Mount[], path: string): Region | undefined {
  const holding = mountHolding(mounts, path)
  if (holding === undefined) return undefined
  const rest = path === holding.point ? '' : relative(holding.point, path)
  const inside = rest === '' ? holding.root : `${holding.root === '/' ? '' : holding.root}/${rest}`
  return { device: holding.device, path: inside, point: path }
}

function below(mounts: readonly Mount[], path: string): readonly Mount[] {
  return mounts.filter(({ point }) => isBelow(point, path))
}

function isBelow(path: string, above: string): boolean {
  return path.length > above.length && path.startsWith(above === '/' ? '/' : `${above}/`)
}

function relative(from: string, to: string): string {
  return to.slice(from === '/' ? 1 : from.length + 1)
}

function look(root: string, table: MountTable): { readonly mounts: readonly Mount[]; readonly real: string } {
  const { mounts, realOf } = table
  if (mounts.length === 0) return { mounts, real: '' }
  try {
    return { mounts, real: realOf(root) }
  } catch {
    // Gone, or out of reach.
    return { mounts: [], real: '' }
  }
}

function findReal(root: string): string {
  try {
    return realpathSync.native(root, { encoding: 'latin1' })
  } catch {
    // Still to be made: then it is where its parent is.
    const parent = realpathSync.native(dirname(root), { encoding: 'latin1' })
    return `${parent === '/' ? '' : parent}/${Buffer.from(basename(root)).toString('latin1')}`
  }
}

function readMounts(): readonly Mount[] {
  return readFileSync('/proc/self/mountinfo', 'latin1')
    .split('\n')
    .filter(line => line !== '')
    .map(line => ({ line, fields: line.split(' ') }))
    .map(({ line, fields }) => ({
      line,
      device: fields[deviceField] ?? '',
      root: unescapeOctal(fields[rootField] ?? ''),
      point: unescapeOctal(fields[pointField] ?? ''),
    }))
}

/** The table writes space, tab, newline and backslash as three octal digits. */
function unescapeOctal(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  )
}
