import { Buffer } from 'node:buffer'
import { spawn } from 'node:child_process'
import { isRoot } from './entry-kind.js'

/** nobody, on most systems. */
export const ordinaryUser = 65_534

export type RunOptions = {
  readonly cwd?: string
  /** Added to this process' environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly input?: string | Uint8Array
  /** Runs as this user, and the group of that number, when root; else as who we are. */
  readonly asUser?: number
  readonly signalAfter?: SignalAfter | readonly SignalAfter[]
  /** Killed then, and `timedOut` is true; a minute unless told. */
  readonly timeoutMs?: number
}

/** Sends a signal once: so many milliseconds after the start, or as soon as this text was put out. */
type SignalAfter = { readonly signal: NodeJS.Signals } & (
  | { readonly milliseconds: number }
  | { readonly output: string }
)

export type RunResult = {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly durationMs: number
  readonly timedOut: boolean
}

/** Runs a program to its end, whatever that is; rejects only when it cannot be started. */
export function runProcess(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { asUser } = options
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn(command, args, {
      env: { ...process.env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(isRoot && asUser !== undefined ? { uid: asUser, gid: asUser } : {}),
    })
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
    const signals = new Signals(options.signalAfter, signal => child.kill(signal))
    let timedOut = false
    const timeout = setTimeout(() => {
      timedOut = true
      child.kill('SIGKILL')
    }, options.timeoutMs ?? 60_000)
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].on('data', (chunk: Buffer) => {
        output[stream].push(chunk)
        signals.see(stream, chunk)
      })
    }
    // A program that does not read all its input is no error of ours.
    child.stdin.on('error', () => {})
    child.stdin.end(options.input)
    const stop = (): void => {
      clearTimeout(timeout)
      signals.stop()
    }
    child.on('error', error => {
      stop()
      reject(error)
    })
    child.on('close', (code, signal) => {
      stop()
      const durationMs = performance.now() - start
      const stdout = Buffer.concat(output.stdout).toString('utf8')
      const stderr = Buffer.concat(output.stderr).toString('utf8')
      resolve({ code, signal, stdout, stderr, durationMs, timedOut })
    })
  })
}

class Signals {
  readonly #timers: NodeJS.Timeout[] = []
  readonly #awaited: { readonly output: string; readonly signal: NodeJS.Signals }[] = []
  readonly #seen = { stdout: '', stderr: '' }
  readonly #send: (signal: NodeJS.Signals) => void

  constructor(after: RunOptions['signalAfter'], send: (signal: NodeJS.Signals) => void) {
    this.#send = send
    const all: readonly SignalAfter[] = after === undefined ? [] : 'signal' in after ? [after] : after
    for (const each of all) {
      if ('output' in each) this.#awaited.push(each)
      else this.#timers.push(setTimeout(() => send(each.signal), each.milliseconds))
    }
  }

  see(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    if (this.#awaited.length === 0) return
    this.#seen[stream] += chunk.toString('utf8')
    // One after another, so that a second signal can wait for the answer to the first.
    for (let next = this.#awaited[0]; next !== undefined; next = this.#awaited[0]) {
      const at = this.#seen[stream].indexOf(next.output)
      if (at < 0) break
      this.#seen[stream] = this.#seen[stream].slice(at + next.output.length)
      this.#awaited.shift()
      this.#send(next.signal)
    }
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer)
  }
}
