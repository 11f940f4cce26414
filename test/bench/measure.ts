/** Times a whole process, start-up included, and on request finds out how much memory it held at most. */
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export type Command = readonly [program: string, ...args: string[]]

export type Measured = {
  readonly seconds: number
  /** Peak resident memory; only when asked for. */
  readonly peakMb: number
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export type MeasureOptions = {
  /** Ask for the peak of memory, too. */
  readonly memory?: boolean
  /** Added to {@link plainEnvironment}. */
  readonly env?: Readonly<Record<string, string>>
}

const sampleEveryMs = 5

/** GNU time asks the kernel for the peak of its child. What it says is the last line of stderr. */
const gnuTime: Command | undefined =
  spawnSync('/usr/bin/time', ['-f', '%M', 'true']).status === 0 ? ['/usr/bin/time', '-f', '%M'] : undefined

/** Runs a command to its end, whatever that is; rejects only when it cannot be started. */
function measure(command: Command, options: MeasureOptions = {}): Promise<Measured> {
  const { memory = false, env = {} } = options
  const [program, ...args] = memory && gnuTime !== undefined ? [...gnuTime, ...command] : command
  return new Promise((resolve, reject) => {
    const begun = performance.now()
    const stdio = ['ignore', 'pipe', 'pipe'] as const
    const child = spawn(program, args, { stdio: [...stdio], env: { ...plainEnvironment, ...env } })
    const output = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream]?.setEncoding('utf8').on('data', (text: string) => (output[stream] += text))
    let peakKb = 0
    const sample = (): void => void (peakKb = Math.max(peakKb, peakOf(child.pid)))
    const sampling = memory && gnuTime === undefined ? setInterval(sample, sampleEveryMs) : undefined
    child.on('error', reject)
    child.on('close', code => {
      const seconds = (performance.now() - begun) / 1000
      clearInterval(sampling)
      if (memory && gnuTime !== undefined) peakKb = Number(output.stderr.trimEnd().split('\n').at(-1))
      resolve({ seconds, peakMb: (peakKb * 1024) / 1e6, code, ...output })
    })
  })
}

/** This process' own, without what would have each program of Node load more than it does by itself. */
const { NODE_EXTRA_CA_CERTS: _certificates, NODE_OPTIONS: _options, ...plainEnvironment } = process.env

/** Runs a command that has to succeed. */
export async function measureDone(command: Command, options: MeasureOptions = {}): Promise<Measured> {
  const measured = await measure(command, options)
  if (measured.code === 0) return measured
  throw new Error(`${command.join(' ')} ended with ${measured.code}: ${measured.stderr}`)
}

/** The high-water mark the kernel keeps of a living process, in KiB. */
function peakOf(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0)
  } catch {
    // It has ended, or this is not Linux.
    return 0
  }
}
