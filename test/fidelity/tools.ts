/** The tools that are compared, as somebody who wants an exact copy would call them. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Tool = {
  /** The head of its column. */
  readonly name: 'facsimile' | '`rsync -aHAXS`' | '`rclone sync`' | '`cp -a`' | '`fs.cp`'
  /** The program that must be there. */
  readonly program: string
  readonly command: (source: string, replica: string) => readonly [program: string, ...args: string[]]
}

const workspace = fileURLToPath(new URL('../..', import.meta.url))
const cli = join(workspace, 'packages', 'cli', 'bundle', 'main.js')
const fsCp = `
  const [source, replica] = process.argv.slice(1)
  const options = { recursive: true, preserveTimestamps: true, verbatimSymlinks: true }
  require('node:fs').cp(source, replica, options, error => { if (error) throw error })`

export const tools: readonly Tool[] = [
  {
    name: 'facsimile',
    program: process.execPath,
    command: (source, replica) => [process.execPath, cli, '--', source, replica],
  },
  {
    name: '`rsync -aHAXS`',
    program: 'rsync',
    command: (source, replica) => ['rsync', '-aHAXS', '--delete', '--', `${source}/`, `${replica}/`],
  },
  {
    name: '`rclone sync`',
    program: 'rclone',
    command: (source, replica) => [
      ...(['rclone', '--config', '', 'sync', '--metadata', '--links'] as const),
      source,
      replica,
    ],
  },
  {
    name: '`cp -a`',
    program: 'cp',
    command: (source, replica) => ['cp', '-a', '-T', '--', source, replica],
  },
  {
    name: '`fs.cp`',
    program: process.execPath,
    command: (source, replica) => [process.execPath, '-e', fsCp, source, replica],
  },
]

export function isInstalled({ program }: Tool): boolean {
  return spawnSync(program, ['--version']).error === undefined
}
