/**
 * Runs by `--watch`: the library says when one begins, and each is told as any other run. Loaded by the calls that ask for it.
 */
import type { ExitCode, SyncEvents, SyncOptions, WatchReport } from '@facsimile/core'
import { asUsage } from './as-usage.js'
import type { Ended } from './ended.js'
import type { Given } from './flag.js'
import type { Core } from './run-once.js'
import type { Repeat } from './series.js'
import { flushAll, tell } from './sink.js'

interface Watch {
  readonly repeat: Repeat
  /** Stands for the call of the library in each run. */
  readonly call: (options: SyncOptions) => Promise<Ended>
}

/** One run, between the library that begins it and the command that tells of it. */
interface Turn {
  /** The library is about to begin. */
  readonly begun: Gate
  /** The command is ready to tell of it. */
  readonly ready: Gate
  readonly result: Promise<IteratorResult<WatchReport, void>>
}

export function prepareWatch(
  { reconcile }: Pick<Given, 'reconcile'>,
  { watchFolders }: Pick<Core, 'watchFolders'>,
): Watch {
  let turn: Turn | undefined
  // Each run has handlers of its own, by the same names.
  const events: SyncEvents = {}
  const call = async ({ on }: SyncOptions): Promise<Ended> => {
    Object.assign(events, on)
    turn?.ready.open()
    const report = (await turn?.result)?.value ?? undefined
    return { exitCode: report?.exitCode ?? 0, report, failures: [] }
  }
  const onRun = async (): Promise<void> => {
    turn?.begun.open()
    await turn?.ready.passed
  }
  const repeat: Repeat = async ({ run, options, signal, tellers }) => {
    const period = reconcile === undefined ? {} : { reconcile }
    const watched = { ...options, ...period, signal, on: events, onRun }
    const watch = begin(() => watchFolders(watched))
    const reports = watch[Symbol.asyncIterator]()
    let last: ExitCode = 0
    let told = ''
    for (;;) {
      const [begun, ready] = [gate(), gate()]
      // It is asked a moment later, when the gates are known to who begins.
      turn = { begun, ready, result: Promise.resolve().then(() => reports.next()) }
      // What goes wrong before a run began is told as if it were one that failed.
      const hasBegun = begun.passed.then(() => false)
      const hasEnded = turn.result.then(
        ({ done }) => done === true,
        () => false,
      )
      if (await Promise.race([hasBegun, hasEnded])) return last
      last = await run()
      const { state } = watch
      const news = `${state.coverage} ${state.reason}`
      // That all is to be compared is told by the run that does it.
      if (state.coverage === 'rescanning' || news === told) continue
      told = news
      await tell(tellers, renderer => renderer.watch(state))
      await flushAll(tellers)
    }
  }
  return { repeat, call }
}

/** @throws UsageError when the options of watching cannot be */
function begin<T>(step: () => T): T {
  try {
    return step()
  } catch (error) {
    throw asUsage(error)
  }
}

interface Gate {
  readonly passed: Promise<void>
  readonly open: () => void
}

function gate(): Gate {
  let open: (() => void) | undefined
  const passed = new Promise<void>(resolve => (open = resolve))
  return { passed, open: () => open?.() }
}
