/** The machine, what runs on it, and whether others kept it busy meanwhile. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'
import { nodeCopiers, packageVersion } from './node-tools.js'
import { versionOf } from './tools.js'

/** Less than this share of the processors is no noise to speak of. */
const quiet = 0.05
/** Of what the kernel tells in ticks: all but the idle ones (4, 5), and guests (9, 10) are in the first two. */
const busyTicks = [1, 2, 3, 6, 7, 8] as const
const idleTicks = [4, 5] as const

export function machine(): Readonly<Record<string, string>> {
  return {
    system: `${type()} ${release().split('-')[0]}`,
    processor: `${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  }
}

/** What was compared, by version. */
export function versions(): Readonly<Record<string, string>> {
  const manifest = new URL('../../packages/cli/package.json', import.meta.url)
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }
  const programs = ['rsync', 'rclone', 'cp'].map(name => [name, versionOf(name) ?? 'not installed'] as const)
  const packages = nodeCopiers
    .map(({ name }) => name)
    .filter(name => name !== 'fs.cp')
    .map(name => [name, packageVersion(name)] as const)
  return {
    facsimile: `${version}${sources()}`,
    node: process.versions.node,
    ...Object.fromEntries([...programs, ...packages]),
  }
}

/** Which sources were measured: the tree of the packages, as git names it, where there is git. */
function sources(): string {
  const tree = git('rev-parse', '--short=10', 'HEAD:packages')
  if (tree === undefined) return ''
  return ` (packages ${tree}${git('status', '--porcelain', '--', 'packages') === '' ? '' : ', changed'})`
}

function git(...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

export function loadNotes(): readonly string[] {
  const load = loadavg()[0] ?? 0
  return load < availableParallelism() / 4
    ? []
    : [`not a quiet machine: the load was ${load.toFixed(1)} at the start`]
}

/** Watches, from now on, how much of the processors went to programs that are not of this bench. Linux only. */
export function watchOthers(): () => readonly string[] {
  const before = ticks()
  return () => {
    const after = ticks()
    if (before === undefined || after === undefined) return []
    const share = (after.others - before.others) / (after.all - before.all)
    return share < quiet
      ? []
      : [`not a quiet machine: other programs took ${Math.round(100 * share)} % of the processors meanwhile`]
  }
}

type Ticks = { readonly all: number; readonly others: number }

function ticks(): Ticks | undefined {
  try {
    const system = numbersOf(readFileSync('/proc/stat', 'latin1').split('\n', 1)[0] ?? '')
    // Behind the name of the program, which may hold anything.
    const own = numbersOf(readFileSync('/proc/self/stat', 'latin1').split(') ').at(-1) ?? '')
    const busy = sumOf(system, busyTicks)
    // Of this process and of the children that have ended, by user and system.
    const ours = sumOf(own, [11, 12, 13, 14])
    return { all: busy + sumOf(system, idleTicks), others: busy - ours }
  } catch {
    return undefined
  }
}

function numbersOf(line: string): readonly number[] {
  return line.split(/\s+/).map(Number)
}

function sumOf(numbers: readonly number[], places: readonly number[]): number {
  return places.reduce((sum, place) => sum + (numbers[place] ?? 0), 0)
}
