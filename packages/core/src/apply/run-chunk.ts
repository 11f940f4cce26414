/**
 * One chunk of changes: ask who may veto, send it off, try again what was in use, and note the results. Telling
 * of them is left to the caller, who keeps the order.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { OutcomeStatus } from '../model/events.js'
import { type AppliedBatch, rowStates } from '../model/jobs.js'
import type { Execution } from './execution.js'
import type { Chunk } from './chunks.js'
import { encodeBatch } from './encode.js'
import type { Ledger, Settlement } from './ledger.js'

/** A file in use gets as many more tries, after as many milliseconds. */
const backOffMs = [20, 100, 400] as const

/** A second try is for single entries, in directories that are there by now. */
const nothingWhole: ReadonlySet<number> = new Set()

export interface Settled extends Settlement {
  readonly status: OutcomeStatus
}

/** How rows are tried. */
export interface Trying {
  readonly whole: ReadonlySet<number>
  /** What is new is only staged; where, is noted in the ledger. */
  readonly stageOnly: boolean
}

/** Makes the changes of a chunk; the returned function tells what became of them. */
export async function runChunk(
  input: Execution,
  ledger: Ledger,
  { rows, whole }: Chunk,
): Promise<() => Promise<void>> {
  const { mayChange } = input
  const settled = new Map<number, Settled>()
  const toTry: number[] = []
  for (const row of rows) {
    let status = ledger.prejudge(row)
    // A promise for each entry would be paid for where nobody is asked.
    if (status === undefined && mayChange !== undefined && !ledger.asked.has(row))
      status = (await mayChange(input.plan.changeOf(row))) === false ? 'skipped' : undefined
    if (status === undefined) {
      ledger.touch(row)
      toTry.push(row)
    } else {
      ledger.note(row, status, undefined)
      settled.set(row, { status, bytes: 0 })
    }
  }
  await tryRows(input, ledger, toTry, { whole, stageOnly: false }, settled)
  return async () => {
    for (const row of rows) {
      const result = settled.get(row)
      const told = result === undefined ? undefined : ledger.settle(row, result.status, result)
      if (told !== undefined) await told
    }
  }
}

/** Sends rows off, again where that may help, and notes in `settled` what became of them. */
export async function tryRows(
  input: Execution,
  ledger: Ledger,
  rows: readonly number[],
  { whole, stageOnly }: Trying,
  settled: Map<number, Settled>,
): Promise<void> {
  let left = rows
  for (let attempt = 0; left.length > 0; attempt++) {
    const isLast = attempt === backOffMs.length
    const applied = await input.apply(
      encodeBatch(input.plan.pairs, left, attempt === 0 ? whole : nothingWhole, {
        stageOnly,
        staged: ledger.staged,
        links: input.plan.links,
        made: ledger.made,
        heirs: ledger.heirs,
      }),
    )
    if (stageOnly) noteStaged(ledger, left, applied)
    left = noteResults(
      input,
      ledger,
      left,
      applied,
      { isLast: isLast || input.signal.aborted, stageOnly },
      settled,
    )
    if (left.length > 0)
      await wait(backOffMs[attempt] ?? 0, undefined, { signal: input.signal }).catch(() => undefined)
  }
}

function noteStaged(ledger: Ledger, rows: readonly number[], applied: AppliedBatch): void {
  const { staged, bytes, digests } = applied
  const problems = new Map(applied.problems)
  for (const [index, path] of staged) {
    const row = rows[index]
    if (row === undefined) continue
    const problem = problems.get(index)
    ledger.staged.set(row, { path, problem, bytes: bytes[index] ?? 0, digest: digests[index] })
  }
}

/** Notes what is settled, and returns the rows to be tried again. */
function noteResults(
  input: Execution,
  ledger: Ledger,
  rows: readonly number[],
  applied: AppliedBatch,
  { isLast, stageOnly }: { readonly isLast: boolean; readonly stageOnly: boolean },
  settled: Map<number, Settled>,
): number[] {
  const again: number[] = []
  for (const [index, attribute] of applied.residuals) {
    const row = rows[index]
    if (row !== undefined) input.onResidual(row, attribute)
  }
  const problems = new Map(applied.problems)
  const someAgain = applied.states.includes(rowStates.indexOf('again'))
  for (const [index, row] of rows.entries()) {
    const state = rowStates[applied.states[index] ?? 0]
    // What was not reached, because the run stops, has no outcome.
    if (state === 'notReached' || state === undefined) {
      ledger.notReached(row)
      continue
    }
    // What depends on a directory that gets another try gets one with it.
    const waits = state === 'again' || (state === 'skipped' && someAgain)
    if (waits && !isLast) {
      again.push(row)
      continue
    }
    const status = state === 'again' ? 'failed' : state
    const ahead = ledger.staged.get(row)
    const problem = problems.get(index) ?? ahead?.problem
    // What is only staged has changed nothing yet.
    if (status !== 'done' || !stageOnly) ledger.note(row, status, problem)
    const { bytes = applied.bytes[index] ?? 0, digest = applied.digests[index] } = ahead ?? {}
    settled.set(row, { status, problem, bytes: status === 'done' ? bytes : 0, digest })
  }
  return again
}
