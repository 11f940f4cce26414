/**
 * Asks whether directories may be removed, parents first and before anything is: what they hold is removed before
 * them, and a veto on a directory keeps all of it.
 */
import type { Execution } from './execution.js'
import type { Ledger } from './ledger.js'

export async function vetoRemovals({ plan, mayChange, signal }: Execution, ledger: Ledger): Promise<void> {
  if (mayChange === undefined) return
  const { remove, removeFiles } = plan.order
  // Directories stand last, children before parents.
  for (let index = remove.length - 1; index >= removeFiles; index--) {
    if (ledger.isStopped || signal.aborted) return
    const row = remove[index] ?? 0
    if (ledger.prejudge(row) !== undefined) continue
    ledger.asked.add(row)
    const node = plan.pairs.nodeOf(row)
    if ((await mayChange(plan.changeOf(row))) === false && node !== undefined) ledger.spared.add(node)
  }
}
