/**
 * Where a case works: a tmpfs of its own when root, so that no disk is measured; else a folder in the
 * temporary directory, and the result says so. Gone afterwards, also after Ctrl+C.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, statfsSync } from 'node:fs'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'

export type Scratch = {
  readonly path: string
  /** What to know about the figures; undefined for a tmpfs. */
  readonly note: string | undefined
}

/** Runs work in a scratch folder, and clears it away whatever happens. */
export async function inScratch<T>(bytes: number, work: (scratch: Scratch) => Promise<T>): Promise<T> {
  const path = mkdtempSync(join(realpathSync(tmpdir()), 'facsimile-bench-'))
  const mounted = mountTmpfs(path, bytes)
  const clear = (): void => clearAway(path, mounted)
  const stop = (): void => {
    clear()
    process.exit(130)
  }
  process.once('exit', clear)
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
    const note = mounted
      ? undefined
      : 'not on a tmpfs, but in the temporary directory: its disk is measured too'
    return await work({ path, note })
  } finally {
    process.off('exit', clear)
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
    clear()
  }
}

/** Why there is no room for so many bytes; undefined when there is. */
export function lackOfRoom(bytes: number): string | undefined {
  const { bavail, bsize } = statfsSync(tmpdir())
  const [free, where] = mayMount ? [freemem(), 'memory'] : [bavail * bsize, 'the temporary directory']
  return bytes < free
    ? undefined
    : `it needs ${gigabytes(bytes)} of ${where}, and ${gigabytes(free)} are free`
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}

export const mayMount: boolean = process.platform === 'linux' && process.getuid?.() === 0

function mountTmpfs(path: string, bytes: number): boolean {
  if (!mayMount) return false
  const options = `size=${bytes},nr_inodes=0,mode=755`
  return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'facsimile-bench', path]).status === 0
}

function clearAway(path: string, mounted: boolean): void {
  // A child that is still ending may hold the mount: detached, it goes with the child.
  if (mounted && spawnSync('umount', [path]).status !== 0) spawnSync('umount', ['--lazy', path])
  rmSync(path, { recursive: true, force: true })
}
