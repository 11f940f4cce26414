import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { isRoot } from './entry-kind.js'
import { temporaryDirectory } from './temp.js'

export type Mounts = {
  /** An empty file system of its own; `options` as `mount -o` takes them. */
  readonly tmpfs: (at: string, options?: string) => void
  /** What is at `from`, at another place, too. */
  readonly bind: (from: string, at: string) => void
  readonly remount: (at: string, options: string) => void
  /** Somebody else mounts there, once the test is under way. */
  readonly expect: (at: string) => void
  /** Unmounts all of them now. */
  readonly clear: () => void
}

/** Whether this process may mount. */
export const canMount: boolean = process.platform === 'linux' && isRoot && mountsOnce()

function mountsOnce(): boolean {
  using directory = temporaryDirectory()
  const at = join(directory.path, 'mount')
  mkdirSync(at)
  if (spawnSync('mount', ['-t', 'tmpfs', 'none', at]).status !== 0) return false
  run('umount', [at])
  return true
}

/** File systems that are gone after each test. Asked for after the folder of the test, so that they go first. */
export function useMounts(): Mounts {
  const mounted: string[] = []
  const clear = (): void => {
    for (const at of mounted.splice(0).reverse()) run('umount', ['-l', at])
  }
  afterEach(clear)
  const mount = (at: string, args: readonly string[]): void => {
    run('mount', [...args, at])
    mounted.push(at)
  }
  return {
    tmpfs: (at, options = 'size=10m') => mount(at, ['-t', 'tmpfs', '-o', options, 'none']),
    bind: (from, at) => mount(at, ['--bind', from]),
    remount: (at, options) => run('mount', ['-o', `remount,${options}`, at]),
    expect: at => void mounted.push(at),
    clear,
  }
}

export function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', env })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`)
}
