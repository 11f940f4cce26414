/** What Linux tells of this process: its threads, its memory, and signals that nobody has taken. */
import * as fs from 'node:fs'
import { type StopSignal, stopSignals } from '../exit-codes.js'
import type { Memory } from './call-paths.js'
import type { ThreadSeen } from './stalls.js'

const longestText = 4096
const numbers: Readonly<Record<StopSignal, number>> = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }

export const ownMemory: Memory = {
  pathOf: descriptor => attempt(() => fs.readlinkSync(`/proc/self/fd/${descriptor}`)),
  textAt: address => attempt(() => readText(address)),
  workingDirectory: () => attempt(() => fs.readlinkSync('/proc/self/cwd')) ?? '',
}

function readText(address: number): string | undefined {
  const memory = fs.openSync('/proc/self/mem', 'r')
  try {
    const bytes = Buffer.alloc(longestText)
    const read = fs.readSync(memory, bytes, 0, longestText, address)
    const end = bytes.subarray(0, read).indexOf(0)
    return end < 0 ? undefined : bytes.toString('utf8', 0, end)
  } finally {
    fs.closeSync(memory)
  }
}

export function ownThreads(): readonly ThreadSeen[] {
  return fs.readdirSync('/proc/self/task').flatMap(id => {
    const thread = attempt((): ThreadSeen => {
      const status = fs.readFileSync(`/proc/self/task/${id}/status`, 'latin1')
      const call = fs.readFileSync(`/proc/self/task/${id}/syscall`, 'latin1')
      return { id, moves: status.slice(status.indexOf('voluntary_ctxt_switches')), call }
    })
    return thread === undefined ? [] : [thread]
  })
}

/** A signal that was sent to this process, and that no thread of it has come to take. */
export function pendingSignal(): StopSignal | undefined {
  const status = fs.readFileSync('/proc/self/status', 'latin1')
  const mask = BigInt(`0x${/^ShdPnd:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`)
  return stopSignals.find(name => ((mask >> BigInt(numbers[name] - 1)) & 1n) === 1n)
}

function attempt<T>(step: () => T): T | undefined {
  try {
    return step()
  } catch {
    // It is gone, or the system does not tell.
    return undefined
  }
}
