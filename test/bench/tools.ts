/** The programs that are compared, each as a whole process, and what of the result each promises. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CompareOptions } from '../support/compare-trees.js'
import type { Command } from './measure.js'

export type Tool = {
  readonly name: string
  readonly command: (source: string, replica: string) => Command
  /** What its result is checked for; everything to the microsecond unless told. */
  readonly promises: CompareOptions
}

const main = fileURLToPath(new URL('../../packages/cli/bundle/main.js', import.meta.url))
const manifest = new URL('../../packages/cli/package.json', import.meta.url)

export const facsimile: Tool = {
  name: 'facsimile',
  command: (source, replica) => [process.execPath, main, '--quiet', source, replica],
  promises: {},
}

/** Takes times for equal that lie in one second, unless it is told otherwise. */
export const rsync: Tool = {
  name: 'rsync -aHAX --delete',
  command: (source, replica) => ['rsync', '-aHAX', '--delete', '--', `${source}/`, `${replica}/`],
  promises: { precisionNs: 1_000_000_000n },
}

export const cp: Tool = {
  name: 'cp -a',
  command: (source, replica) => ['cp', '-a', '--', `${source}/.`, `${replica}/`],
  promises: {},
}

const copyByNode = `
const { cp } = require('node:fs')
const [source, replica] = process.argv.slice(1)
cp(source, replica, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true }, error => {
  if (error) throw error
})`

/** Does not hold the times of directories, nor the finer part of those of files. */
export const fsCp: Tool = {
  name: 'fs.cp',
  command: (source, replica) => [process.execPath, '--eval', copyByNode, source, replica],
  promises: { times: false },
}

export const emptyNode: Command = [process.execPath, '--eval', '0']

export const help: Command = [process.execPath, main, '--help']

/** Whether a program is there. */
export function isInstalled({ name }: Tool): boolean {
  const program = name.split(' ')[0] ?? ''
  return program === 'fs.cp' || program === 'facsimile' || firstLine([program, '--version']) !== undefined
}

/** What was compared, by version. */
export function versions(): Readonly<Record<string, string>> {
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }
  return {
    facsimile: version,
    node: process.versions.node,
    rsync: firstLine(['rsync', '--version']) ?? 'not installed',
    cp: firstLine(['cp', '--version']) ?? 'not GNU',
  }
}

function firstLine([program, ...args]: Command): string | undefined {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' })
  return status === 0 ? stdout.split('\n')[0]?.replaceAll(/\s+/g, ' ') : undefined
}
