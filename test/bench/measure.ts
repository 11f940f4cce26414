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

const sampleEveryMs = 5

/** GNU time asks the kernel for the peak of its child. What it says is the last line of stderr. */
const gnuTime: Command | undefined =
  spawnSync('/usr/bin/time', ['-f', '%M', 'true']).status === 0 ? ['/usr/bin/time', '-f', '%M'] : undefined

/** Runs a command to its end, whatever that is; rejects only when it cannot be started. */
export function measure(command: Command, memory: 'memory' | 'time only' = 'time only'): Promise<Measured> {
  const asked = memory === 'memory'
  const [program, ...args] = asked && gnuTime !== undefined ? [...gnuTime, ...command] : command
  return new Promise((resolve, reject) => {
    const begun = performance.now()
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const output = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text))
    let peakKb = 0
    const sample = (): void => void (peakKb = Math.max(peakKb, peakOf(child.pid)))
    const sampling = asked && gnuTime === undefined ? setInterval(sample, sampleEveryMs) : undefined
    child.on('error', reject)
    child.on('close', code => {
      const seconds = (performance.now() - begun) / 1000
      clearInterval(sampling)
      if (asked && gnuTime !== undefined) peakKb = Number(output.stderr.trimEnd().split('\n').at(-1))
      resolve({ seconds, peakMb: (peakKb * 1024) / 1e6, code, ...output })
    })
  })
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
