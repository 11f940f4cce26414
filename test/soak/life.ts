/** One process that mirrors on an interval, from its start to its violent end, and what it took meanwhile. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync, readdirSync, closeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../packages/cli/bundle/main.js', import.meta.url))

/** Edits at random remove large folders, too: the guard on such a loss is not what this is about. */
export const mayShrink: readonly string[] = ['--max-delete', '100%', '--allow-empty-source']

export type Places = { readonly source: string; readonly replica: string; readonly folder: string }

export type Sample = {
  readonly memoryMb: number
  readonly descriptors: number
  /** Staging directories in the replica. */
  readonly staged: number
}

export type Life = {
  readonly killedBy: NodeJS.Signals
  /** From the signal to the end. */
  readonly endMs: number
  /** Whether it ended by the signal that it was sent, as it must. */
  readonly asSent: boolean
  readonly livedMs: number
  readonly samples: readonly Sample[]
}

/** Starts a process, lets it live so long while `meanwhile` is called again and again, and kills it. */
export async function live(
  places: Places,
  how: { readonly ms: number; readonly signal: NodeJS.Signals; readonly meanwhile: () => void },
): Promise<Life> {
  const { source, replica, folder } = places
  const errors = openSync(join(folder, 'errors'), 'a')
  const args = [
    '-s',
    source,
    '-d',
    replica,
    '-i',
    '0.001',
    '-l',
    join(folder, 'log'),
    '--quiet',
    ...mayShrink,
  ]
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'ignore', errors],
    env: { ...process.env, XDG_STATE_HOME: join(folder, 'state') },
  })
  closeSync(errors)
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const begun = performance.now()
  const samples: Sample[] = []
  let sampledAt = begun
  while (performance.now() - begun < how.ms && child.exitCode === null) {
    how.meanwhile()
    if (performance.now() - sampledAt > 500) {
      sampledAt = performance.now()
      const sample = look(child.pid ?? 0, replica)
      if (sample !== undefined) samples.push(sample)
    }
    await new Promise(resolve => setImmediate(resolve))
  }
  const sentAt = performance.now()
  child.kill(how.signal)
  const [, signal] = await ended
  const endMs = performance.now() - sentAt
  const livedMs = sentAt - begun
  return { killedBy: how.signal, endMs, asSent: signal === how.signal, livedMs, samples }
}

export function stagedIn(replica: string): number {
  try {
    return readdirSync(replica, 'latin1').filter(name => name.startsWith('.facsimile-')).length
  } catch {
    return 0
  }
}

/** Undefined where there is no /proc, or no such process any more. */
function look(pid: number, replica: string): Sample | undefined {
  try {
    const memory = /^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
    const descriptors = readdirSync(`/proc/${pid}/fd`).length
    return { memoryMb: Number(memory) / 1024, descriptors, staged: stagedIn(replica) }
  } catch {
    return undefined
  }
}
