/** The programs that are compared, each as a whole process, and what of the result each promises. */
import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { CompareOptions } from '../support/compare-trees.js'
import type { Command } from './measure.js'

export type Tool = {
  readonly name: string
  /** What must be there; it is asked for its version. */
  readonly program: string
  readonly command: (source: string, replica: string) => Command
  /** What its result is checked for; everything to the microsecond unless told. */
  readonly promises: CompareOptions
}

const main = fileURLToPath(new URL('../../packages/cli/bundle/main.js', import.meta.url))

export function facsimileWith(...flags: readonly string[]): Tool {
  return {
    name: ['facsimile', ...flags].join(' '),
    program: process.execPath,
    command: (source, replica) => [process.execPath, main, '--quiet', ...flags, '--', source, replica],
    promises: {},
  }
}

export const facsimile: Tool = facsimileWith()

/** Takes times for equal that lie in one second, unless it is told otherwise. */
export function rsyncWith(...flags: readonly string[]): Tool {
  return {
    name: ['rsync', ...flags].join(' '),
    program: 'rsync',
    command: (source, replica) => ['rsync', ...flags, '--', `${source}/`, `${replica}/`],
    promises: { precisionNs: 1_000_000_000n },
  }
}

export const rsync: Tool = rsyncWith('-aHAX', '--delete')

/** Does not hold the times of directories. */
export function rcloneWith(...flags: readonly string[]): Tool {
  return {
    name: ['rclone sync', ...flags].join(' '),
    program: 'rclone',
    command: (source, replica) => [
      ...(['rclone', '--config', '', 'sync', '--metadata', '--links'] as const),
      ...flags,
      source,
      replica,
    ],
    promises: { times: 'files' },
  }
}

export const rclone: Tool = rcloneWith()

export const cp: Tool = {
  name: 'cp -a',
  program: 'cp',
  command: (source, replica) => ['cp', '-a', '--', `${source}/.`, `${replica}/`],
  promises: {},
}

const copyInParallel = `
cd "$1" && find . -mindepth 1 -maxdepth 1 -print0 | xargs -0 -n 1 -P "$3" cp -a -t "$2" -- && touch -r . "$2"`

/** As many `cp -a` at a time as there are processors, each with an entry of the source's root. */
export const parallelCp: Tool = {
  name: 'parallel cp -a',
  program: 'xargs',
  command: (source, replica) => [
    ...(['sh', '-c', copyInParallel, 'sh'] as const),
    source,
    replica,
    String(availableParallelism()),
  ],
  promises: {},
}

export const emptyNode: Command = [process.execPath, '--eval', '0']

export const help: Command = [process.execPath, main, '--help']

/** Whether a program is there, by the first line of what it says of its version. */
export function isInstalled({ program }: Pick<Tool, 'program'>): boolean {
  return versionOf(program) !== undefined
}

export function versionOf(program: string): string | undefined {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  return status === 0 ? stdout.split('\n')[0]?.replaceAll(/\s+/g, ' ').trim() : undefined
}
