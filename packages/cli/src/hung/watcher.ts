/**
 * A thread that looks at the others. A call that a dead server does not answer holds its thread for ever, and where that
 * is the main thread, nothing there can say so any more, nor hear a signal: this one can.
 */
import * as fs from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { stopSignals, type StopSignal } from '../exit-codes.js'
import { Stalls } from './stalls.js'
import { ownMemory, ownThreads, pendingSignal } from './system.js'

const lookMs = 500
/** So long without an answer is told. */
const tellMs = 10_000
/** So long without an answer, once the process is to stop, is waited for no longer. */
const stopMs = 1000
const lastWordsMs = 100

const isLive = workerData === true
const stalls = new Stalls(process.arch, ownMemory)
/** The path that was told, while nothing there has moved. */
let told: string | undefined
let stopping: StopSignal | undefined
let pendingBefore: StopSignal | undefined

parentPort?.on('message', (signal: unknown) => {
  stopping = stopSignals.find(name => name === signal)
})
setInterval(look, lookMs)

function look(): void {
  const stall = stalls.longest(ownThreads(), performance.now(), stopMs)
  const pending = pendingSignal()
  // What the main thread does not take in all that time it will not take: it is not at its own code.
  const stop = stopping ?? (pending === pendingBefore ? pending : undefined)
  pendingBefore = pending
  if (stop !== undefined && (stall !== undefined || stop === pending)) void end(stop, stall?.path ?? told)
  else if (stall === undefined && pending === undefined) told = undefined
  else if (stall !== undefined && stall.ms >= tellMs && told === undefined) {
    told = stall.path
    const seconds = Math.floor(stall.ms / 1000)
    void say(
      `no answer for ${seconds} seconds from "${stall.path}": its storage is slow or hangs; the run waits for it, and Ctrl+C ends it`,
    )
  }
}

/** With SIGKILL: another signal would be heard by the main thread only, which hangs. */
async function end(signal: StopSignal, path: string | undefined): Promise<void> {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), lastWordsMs)
  const where = path === undefined ? '' : `, without an answer from "${path}"`
  await say(`stopped by ${signal}${where}; nothing is torn, and the next run completes the work`)
  // Where the main thread does hear it, the process ends by the signal itself.
  parentPort?.postMessage(signal, [])
}

/** Never waits for who reads it. */
async function say(message: string): Promise<void> {
  const { oneLine } = await import('@facsimile/core')
  fs.write(2, `${isLive ? '\r\u001b[K' : ''}facsimile: ${oneLine(message)}\n`, () => {})
}
