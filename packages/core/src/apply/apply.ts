/**
 * Executes a plan, phase by phase: rename directories, then copy, then remove, then give directories their attributes. The last is done
 * after a failure and after an abort too, for whatever was touched.
 *
 * Chunks of changes go to the executor, at most a few more than it can run; what comes back is settled in plan
 * order. A source that could not be read while it was copied withholds all removals (law L1); a storage failure
 * ends the run.
 */
import { type Chunk, cutChunks, cutIndependent, cutSequential } from './chunks.js'
import type { Execution } from './execution.js'
import { finishTouched } from './finish.js'
import { flushTouched } from './flush-touched.js'
import { Ledger } from './ledger.js'
import { OrderedTelling } from './ordered-telling.js'
import { runChunk } from './run-chunk.js'
import { stageRenamed, stageReplacements } from './stage-early.js'
import { vetoRemovals } from './veto-removals.js'

/**
 * Executes the plan; rejects when the run was aborted, or a hook failed.
 *
 * @returns `unmovable` when a directory cannot be renamed as a whole, as on an overlay, and nothing after that was begun
 */
export async function applyPlan(input: Execution): Promise<'done' | 'unmovable'> {
  const { plan, progress } = input
  const { move, copy, remove, removeFiles } = plan.order
  const ledger = new Ledger(input)
  try {
    progress.enter('copy')
    // Staging moves the root's time, whatever is changed below. Its creation was done when it was locked.
    ledger.touchRoot()
    const rows = copy[0] === 0 ? copy.subarray(1) : copy
    if (copy[0] === 0) await ledger.settle(0, 'done', { bytes: 0 })
    await runPhase(input, ledger, cutSequential(plan.pairs, move))
    if (ledger.isUnmovable) return 'unmovable'
    await stageRenamed(input, ledger)
    const left = rows.filter(row => !ledger.settledAhead.has(row))
    await runPhase(input, ledger, cutChunks(plan.pairs, left, plan.links))
    progress.enter('delete')
    // What was copied is safe before anything goes that it may have come from.
    if (remove.length > 0) await flushTouched(input, ledger)
    if (ledger.sourceUnread) ledger.withholdRemovals()
    await vetoRemovals(input, ledger)
    await stageReplacements(input, ledger)
    if (ledger.sourceUnread) ledger.withholdRemovals()
    await runPhase(input, ledger, cutIndependent(plan.pairs, remove.subarray(0, removeFiles)))
    const directories = remove.subarray(removeFiles).filter(row => !ledger.settledAhead.has(row))
    await runPhase(input, ledger, cutSequential(plan.pairs, directories))
    return 'done'
  } catch (error) {
    ledger.isStopped = true
    throw error
  } finally {
    progress.enter('finish')
    input.beforeFinish()
    await finishTouched(input, ledger)
    await flushTouched(input, ledger)
    progress.tellNow()
  }
}

/** Runs the chunks of a phase, each when those it waits for are settled. */
async function runPhase(input: Execution, ledger: Ledger, chunks: Generator<Chunk>): Promise<void> {
  const underWay = new Map<number, Promise<void>>()
  const waiting: Chunk[] = []
  const settled = new Set<number>()
  const outcomes = new OrderedTelling()
  const lookAhead = (): number => input.width * 8
  const failures: unknown[] = []
  let cut = chunks.next()

  const isReady = (chunk: Chunk): boolean => chunk.after.every(index => settled.has(index))
  const start = (chunk: Chunk): void => {
    const done = runChunk(input, ledger, chunk)
      .then(tell => {
        settled.add(chunk.index)
        outcomes.add(chunk.index, tell)
      })
      .catch((error: unknown) => void failures.push(error))
      .then(() => void underWay.delete(chunk.index))
    underWay.set(chunk.index, done)
  }

  while (failures.length === 0 && !outcomes.hasFailed && !ledger.isStopped && !input.signal.aborted) {
    while (cut.done !== true && waiting.length < lookAhead()) {
      waiting.push(cut.value)
      cut = chunks.next()
    }
    while (underWay.size < input.width * 4) {
      const next = waiting.findIndex(isReady)
      const [chunk] = next < 0 ? [] : waiting.splice(next, 1)
      if (chunk === undefined) break
      start(chunk)
    }
    if (underWay.size === 0) break
    await Promise.race(underWay.values())
    // A caller that takes its time with outcomes is waited for, or they would pile up.
    if (outcomes.length > lookAhead()) await outcomes.told()
  }
  await Promise.all(underWay.values())
  await outcomes.tellAll()
  if (failures.length > 0) throw failures[0]
  input.signal.throwIfAborted()
}
