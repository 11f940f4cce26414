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

interface Settled extends Settlement {
  readonly status: OutcomeStatus
}

/** What became of rows, by where each is among them; undefined for what was not reached. */
export type SettledRows = (Settled | undefined)[]

/** What most rows come to: one for all of them. */
const doneWithoutBytes: Settled = { status: 'done', problem: undefined, bytes: 0, digest: undefined }

/** Which rows are tried, and how. */
export interface Trying {
  readonly rows: readonly number[]
  /** Where those that are tried are among them, ascending. */
  readonly toTry: readonly number[]
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
  const settled: SettledRows = rows.map(() => undefined)
  const toTry: number[] = []
  for (const [index, row] of rows.entries()) {
    let status = ledger.prejudge(row)
    // A promise for each entry would be paid for where nobody is asked.
    if (status === undefined && mayChange !== undefined && !ledger.asked.has(row))
      status = (await mayChange(input.plan.changeOf(row))) === false ? 'skipped' : undefined
    if (status === undefined) {
      ledger.touch(row)
      toTry.push(index)
    } else {
      ledger.note(row, status, undefined)
      settled[index] = { status, bytes: 0 }
    }
  }
  await tryRows(input, ledger, { rows, toTry, whole, stageOnly: false }, settled)
  return async () => {
    for (const [index, row] of rows.entries()) {
      const result = settled[index]
      // What could not be renamed is done in another way, and told then.
      if (ledger.isUnmovable && result?.status !== 'done') continue
      const told = result === undefined ? undefined : ledger.settle(row, result.status, result)
      if (told !== undefined) await told
    }
  }
}

/** Sends rows off, again where that may help, and notes in `settled` what became of them. */
export async function tryRows(
  input: Execution,
  ledger: Ledger,
  { rows, toTry, whole, stageOnly }: Trying,
  settled: SettledRows,
): Promise<void> {
  let left = toTry
  for (let attempt = 0; left.length > 0; attempt++) {
    const isLast = attempt === backOffMs.length
    const sent = left.length === rows.length ? rows : left.map(index => rows[index] ?? 0)
    const applied = await input.apply(
      encodeBatch(input.plan.pairs, sent, attempt === 0 ? whole : nothingWhole, {
        stageOnly,
        staged: ledger.staged,
        links: input.plan.links,
        moves: input.plan.moves,
        made: ledger.made,
        heirs: ledger.heirs,
      }),
    )
    if (stageOnly) noteStaged(ledger, sent, applied)
    const again = noteResults(
      input,
      ledger,
      sent,
      applied,
      { isLast: isLast || input.signal.aborted, stageOnly },
      (at, result) => (settled[left[at] ?? 0] = result),
    )
    left = again.map(at => left[at] ?? 0)
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

/** Notes what is settled, and returns where those are that are to be tried again. */
function noteResults(
  input: Execution,
  ledger: Ledger,
  rows: readonly number[],
  applied: AppliedBatch,
  { isLast, stageOnly }: { readonly isLast: boolean; readonly stageOnly: boolean },
  settle: (at: number, result: Settled) => void,
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
      again.push(index)
      continue
    }
    const status = state === 'again' ? 'failed' : state
    const ahead = ledger.staged.get(row)
    const problem = problems.get(index) ?? ahead?.problem
    // What is only staged has changed nothing yet.
    if (status !== 'done' || !stageOnly) ledger.note(row, status, problem)
    const { bytes = applied.bytes[index] ?? 0, digest = applied.digests[index] } = ahead ?? {}
    const isPlain = status === 'done' && bytes === 0 && problem === undefined && digest === undefined
    settle(
      index,
      isPlain ? doneWithoutBytes : { status, problem, bytes: status === 'done' ? bytes : 0, digest },
    )
  }
  return again
}
