/**
 * What is made before its turn, for what it is made of, or takes the place of, is gone by then.
 *
 * What takes the place of a directory that holds something is made before anything of it is removed: what cannot be
 * read, or does not fit, must not cost what is there (laws L1 and L4).
 */
import type { Execution } from './execution.js'
import type { Ledger } from './ledger.js'
import { type SettledRows, tryRows } from './run-chunk.js'

const rowsAtOnce = 64
const nothingWhole: ReadonlySet<number> = new Set()

/** Stages them all; the directories of those that fail are spared, with all they hold. */
export async function stageReplacements(input: Execution, ledger: Ledger): Promise<void> {
  const { pairs, order } = input.plan
  const rows = [...order.remove.subarray(order.removeFiles)].filter(
    row => pairs.action(row) === 'replace' && !ledger.staged.has(row) && ledger.prejudge(row) === undefined,
  )
  await stageEarly(input, ledger, rows)
}

/** Files that are renamed, while something else comes to their old names, have both names until then. */
export async function stageRenamed(input: Execution, ledger: Ledger): Promise<void> {
  const { files } = input.plan.moves
  const rows = [...files].flatMap(([row, { stays }]) =>
    stays && ledger.prejudge(row) === undefined ? [row] : [],
  )
  await stageEarly(input, ledger, rows)
}

async function stageEarly(input: Execution, ledger: Ledger, rows: readonly number[]): Promise<void> {
  for (let from = 0; from < rows.length && !ledger.isStopped && !input.signal.aborted; from += rowsAtOnce) {
    const some = rows.slice(from, from + rowsAtOnce)
    const settled: SettledRows = []
    const toTry = some.map((_, index) => index)
    await tryRows(input, ledger, { rows: some, toTry, whole: nothingWhole, stageOnly: true }, settled)
    for (const [index, row] of some.entries()) {
      const result = settled[index]
      if (result === undefined || result.status === 'done') continue
      const node = input.plan.pairs.nodeOf(row)
      if (node !== undefined) ledger.spared.add(node)
      ledger.settledAhead.add(row)
      await ledger.settle(row, result.status, result)
    }
  }
}
