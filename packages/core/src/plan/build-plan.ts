/**
 * From what a walk found to the Plan. Pure: no disk, no clock. In steps, so that a large plan does not hold the
 * caller's event loop.
 *
 * 1. which rows are in scope: matched by the include patterns, or above something matched in the source
 * 2. the order of work, by one pass over the tree with an explicit stack
 * 3. which removals must be withheld: because absence is not proven (law L1), or because the directory holds
 *    something that is to stay; withholding a child withholds every directory above it
 * 4. totals, and what the guards say to them
 */
import type { Withholding } from '../model/change.js'
import { type DirectoryNode, NodeMark, type PairTable } from '../model/pairs.js'
import { Plan, type PlanTotals, writesContent, zeroByAction } from '../model/plan.js'
import type { Problem } from '../model/problem.js'
import type { Residual } from '../model/report.js'
import { type GuardSettings, judgePlan } from './guard.js'
import { orderRows } from './order.js'
import { markScope, type Scope } from './scope.js'
import { withheldProblems, withholdRemovals } from './withhold.js'

export interface PlanInput {
  readonly source: string
  readonly replica: string
  readonly pairs: PairTable
  readonly root: DirectoryNode
  readonly unchanged: number
  readonly hasHoles: boolean
  readonly settings: GuardSettings
  readonly problems: readonly Problem[]
  readonly residuals: readonly Residual[]
}

/** Rows between two steps. */
const rowsPerStep = 2048

export function* buildPlan(input: PlanInput): Generator<void, Plan> {
  const { pairs, root } = input
  const scope = yield* markScope(pairs, root)
  const order = yield* orderRows(pairs, root, scope, input.settings.delete)
  const withheld = yield* withholdRemovals(pairs, order, input)
  const totals = yield* sumUp(input, order, withheld, scope)
  return new Plan({
    source: input.source,
    replica: input.replica,
    pairs,
    order,
    withheld,
    totals,
    refusals: judgePlan(totals, input.settings),
    problems: [...input.problems, ...withheldProblems(pairs, withheld)],
    residuals: input.residuals,
  })
}

function* sumUp(
  { pairs, root, unchanged }: PlanInput,
  order: Plan['order'],
  withheld: ReadonlyMap<number, Withholding>,
  scope: Scope,
): Generator<void, PlanTotals> {
  const byAction = zeroByAction()
  let changes = 0
  let deletions = 0
  let bytes = 0
  let growth = 0
  let largestReplaced = 0
  for (const rows of [order.copy, order.remove, order.finish]) {
    for (const row of rows) {
      const action = pairs.action(row)
      if (action === undefined) continue
      byAction[action] += 1
      if (++changes % rowsPerStep === 0) yield
      if (withheld.has(row)) continue
      if (action === 'delete') deletions += 1
      if (!writesContent(action)) continue
      const replaced = pairs.replicaBytes(row)
      bytes += pairs.sourceBytes(row)
      growth += Math.max(0, pairs.sourceBytes(row) - replaced)
      largestReplaced = Math.max(largestReplaced, Math.min(replaced, pairs.sourceBytes(row)))
    }
  }
  const rootUnchanged = pairs.action(root.row) === undefined && (root.marks & NodeMark.hole) === 0
  return {
    changes,
    withheld: withheld.size,
    byAction,
    deletions,
    bytes,
    spaceNeeded: growth + largestReplaced,
    unchanged: unchanged + scope.unchanged + (rootUnchanged ? 1 : 0),
    sourceEntries: unchanged + scope.sourceEntries,
    replicaEntries: unchanged + scope.replicaEntries,
  }
}
