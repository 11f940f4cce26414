/** A btrfs of its own in a file, for what only file systems with shared blocks show. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, statfsSync, truncateSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { mayMount } from './scratch.js'

export type Btrfs = {
  readonly path: string
  /** Unmounts and mounts it: what it held in memory is gone. */
  readonly remount: () => void
}

/** What btrfs asks for at least, and some room for what it keeps of its own. */
const leastBytes = 256 * 2 ** 20

/** Why there is none to be had here; undefined when there is. */
export function btrfsLack(): string | undefined {
  if (!mayMount) return 'only root may mount a btrfs, on Linux'
  return spawnSync('mkfs.btrfs', ['--version'], { env }).status === 0
    ? undefined
    : 'mkfs.btrfs is not installed'
}

/** Runs work on a new btrfs of so many bytes. */
export async function withBtrfs<T>(
  folder: string,
  bytes: number,
  work: (btrfs: Btrfs) => Promise<T>,
): Promise<T> {
  const image = join(folder, 'image')
  const path = join(folder, 'btrfs')
  mkdirSync(path)
  writeFileSync(image, '')
  truncateSync(image, Math.max(leastBytes, bytes))
  run('mkfs.btrfs', '-q', '-f', image)
  const mount = (): void => run('mount', '-o', 'loop', image, path)
  mount()
  try {
    return await work({
      path,
      remount: () => {
        run('umount', path)
        mount()
      },
    })
  } finally {
    run('umount', path)
  }
}

/** How many bytes its file system has given away, when all is written. */
export function allocatedIn(path: string): number {
  run('sync', '--file-system', path)
  const { blocks, bfree, bsize } = statfsSync(path)
  return (blocks - bfree) * bsize
}

/** Programs of the administrator are not on everybody's path. */
const env = { ...process.env, PATH: [process.env['PATH'], '/usr/sbin', '/sbin'].join(delimiter) }

function run(program: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', env })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`)
}
