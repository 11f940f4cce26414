/**
 * The last thing the process does. What a signal stopped ends by that signal, so that whoever waits for it, a shell
 * in a loop above all, knows that it was stopped and did not just fail; a shell shows that as 129, 130 or 143.
 */
import type { ExitCode } from '@facsimile/core'
import { signalExitCodes, stopSignals } from './exit-codes.js'
import type { Clock } from './io.js'
import { endBySignal, type StopHost } from './signals.js'

/** How long the last words may take to reach somebody who reads slowly, or not at all, in milliseconds. */
const lastWordsMs = 500

interface LastStream {
  /** Calls back when all that was written before has left the process, or never will. */
  write(text: string, written: () => void): unknown
}

interface Ending {
  readonly host: StopHost & { exitCode?: number | string | null | undefined }
  readonly clock: Pick<Clock, 'wait'>
  readonly streams: readonly LastStream[]
}

/** Without a signal by `exit` only when all was written: what is still on its way to a slow stdout would be lost. */
export async function endProcess(exitCode: ExitCode, { host, clock, streams }: Ending): Promise<void> {
  host.exitCode = exitCode
  const signal = stopSignals.find(name => signalExitCodes[name] === exitCode)
  const written = Promise.all(
    streams.map(async stream => await new Promise<void>(resolve => void stream.write('', () => resolve()))),
  )
  if (signal === undefined) {
    // Else Node takes its memory to pieces, which the system does at once.
    void written.then(() => host.exit(exitCode))
    return
  }
  const enough = new AbortController()
  void written.then(() => enough.abort())
  await clock.wait(lastWordsMs, enough.signal)
  endBySignal(host, signal)
}
