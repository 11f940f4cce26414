/** Which threads of this process have not moved for how long, and at what path they are. */
import { type Memory, parseCall, pathOfCall } from './call-paths.js'

/** One thread as the system shows it now. */
export interface ThreadSeen {
  readonly id: string
  /** How often it was given to a processor, or taken from it, as text: it changes whenever the thread has run. */
  readonly moves: string
  /** As `/proc/self/task/N/syscall` says. */
  readonly call: string
}

export interface Stall {
  readonly path: string
  readonly ms: number
}

export class Stalls {
  private readonly machine: string
  private readonly memory: Memory
  private seen = new Map<string, { readonly moves: string; readonly since: number }>()

  constructor(machine: string, memory: Memory) {
    this.machine = machine
    this.memory = memory
  }

  /** The thread that has been in one call for the longest, if that is about a path, and as long as this at least. */
  longest(threads: readonly ThreadSeen[], now: number, leastMs: number): Stall | undefined {
    const { machine, memory } = this
    const before = this.seen
    this.seen = new Map(
      threads.map(({ id, moves }) => {
        const known = before.get(id)
        return [id, known?.moves === moves ? known : { moves, since: now }]
      }),
    )
    let longest: Stall | undefined
    for (const { id, call } of threads) {
      const ms = now - (this.seen.get(id)?.since ?? now)
      if (ms < leastMs || ms <= (longest?.ms ?? 0)) continue
      const parsed = parseCall(call)
      const path = parsed === undefined ? undefined : pathOfCall(parsed, machine, memory)
      if (path !== undefined) longest = { path, ms }
    }
    return longest
  }
}
