/**
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
    row => pairs.action(row) === 'replace' && ledger.prejudge(row) === undefined,
  )
  for (let from = 0; from < rows.length && !ledger.isStopped && !input.signal.aborted; from += rowsAtOnce) {
    const some = rows.slice(from, from + rowsAtOnce)
    const settled: SettledRows = []
    const toTry = some.map((_, index) => index)
    await tryRows(input, ledger, { rows: some, toTry, whole: nothingWhole, stageOnly: true }, settled)
    for (const [index, row] of some.entries()) {
      const result = settled[index]
      if (result === undefined || result.status === 'done') continue
      const node = pairs.nodeOf(row)
      if (node !== undefined) ledger.spared.add(node)
      ledger.settledAhead.add(row)
      await ledger.settle(row, result.status, result)
    }
  }
}
