/**
 * From what a walk found to the Plan. Pure: no disk, no clock. In steps, so that a large plan does not hold the
 * caller's event loop.
 *
 * 1. which rows are in scope: matched by the include patterns, or above something matched in the source
 * 2. the order of work, by one pass over the tree with an explicit stack; here the caller finds out what was renamed
 * 3. which rows become names of one file, and which must not stay names of one
 * 4. which removals must be withheld: because absence is not proven (law L1), or because the directory holds
 *    something that is to stay; withholding a child withholds every directory above it
 * 5. totals, and what the guards say to them
 */
import type { Withholding } from '../model/change.js'
import { noMoves, type PlannedMoves } from '../model/moves.js'
import { NodeMark } from '../model/node-mark.js'
import { type DirectoryNode, type PairTable } from '../model/pairs.js'
import {
  contentBytes,
  Plan,
  type PlanOrder,
  type PlanTotals,
  type Refusal,
  zeroByAction,
} from '../model/plan.js'
import type { Problem } from '../model/problem.js'
import type { Residual } from '../model/report.js'
import type { SourceSeen } from '../model/source-seen.js'
import type { Tallied } from '../model/tally.js'
import { type GuardSettings, type Judged, judgePlan } from './guard.js'
import type { Undecided } from './hold-back.js'
import { type HardLinks, type LinkRules, planHardLinks } from './hard-links.js'
import { largestLosses } from './losses.js'
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
  /** Rows that may only have moved in the source while it was read. */
  readonly moved: ReadonlySet<number>
  /** What is withheld by all of this, where somebody found it out before. */
  readonly withheld?: ReadonlyMap<number, Withholding> | undefined
  /** What is renamed, if anything; the verdicts say so already. */
  readonly moves?: PlannedMoves
  /** What a plan that was made before holds back. */
  readonly holdBack?: ((plan: Undecided) => Generator<void, Undecided['withheld']>) | undefined
  /** Entries found equal on both sides under different names. */
  readonly movedUnchanged?: number
  /** Whether files of the replica keep the holes of the source's. */
  readonly sparse: boolean
  readonly settings: GuardSettings
  /** What the replica can hold of files with several names. */
  readonly links: LinkRules
  readonly problems: readonly Problem[]
  readonly residuals: readonly Residual[]
  /** Puts what is counted here into words. */
  readonly residualOf: (tallied: Tallied) => Residual
  readonly shownPath: Judged['shownPath']
  /** Whether the source is what it was. */
  readonly sourceSeen: SourceSeen
}

/** Rows between two steps. */
const rowsPerStep = 2048

/** What is known of a plan before anybody asks whether its removals are to be done. */
export interface Ordered {
  readonly scope: Scope
  readonly order: PlanOrder
}

/** Steps 1 and 2. */
export function* orderPlan({
  pairs,
  root,
  settings,
}: Pick<PlanInput, 'pairs' | 'root' | 'settings'>): Generator<void, Ordered> {
  const scope = yield* markScope(pairs, root)
  return { scope, order: yield* orderRows(pairs, root, scope, settings.delete) }
}

/** @param ordered what {@link orderPlan} gave, where it was asked before */
export function* buildPlan(input: PlanInput, ordered?: Ordered): Generator<void, Plan> {
  const { pairs, root, settings, moves = noMoves } = input
  const { scope, order: firstOrder } = ordered ?? (yield* orderPlan(input))
  const links = yield* planHardLinks(pairs, root, scope, input.links)
  const isAsOrdered = moves === noMoves && links.planned.to.size === 0 && links.unchanged === 0
  const order = isAsOrdered ? firstOrder : yield* orderRows(pairs, root, scope, settings.delete, moves)
  const known = moves === noMoves ? input.withheld : undefined
  const found = known ?? (yield* withholdRemovals(pairs, order, input))
  const undecided = { pairs, order, withheld: found, links: links.planned, moves }
  const withheld = input.holdBack === undefined ? found : yield* input.holdBack(undecided)
  const totals = yield* sumUp(input, { order, withheld, scope, links })
  const apart = links.apart === undefined ? [] : [input.residualOf(links.apart)]
  return new Plan({
    source: input.source,
    replica: input.replica,
    pairs,
    order,
    withheld,
    links: links.planned,
    moves,
    totals,
    refusals: yield* refusalsOf(input, { totals, order, withheld }),
    problems: [...input.problems, ...withheldProblems(pairs, withheld)],
    residuals: [...apart, ...input.residuals],
  })
}

/** What is lost most is only looked for where somebody has to be told. */
function* refusalsOf(
  { pairs, source, sourceSeen, shownPath, settings }: PlanInput,
  { totals, order, withheld }: Pick<Plan, 'totals' | 'order'> & Pick<Decided, 'withheld'>,
): Generator<void, readonly Refusal[]> {
  const judged = { totals, sourceSeen, shownSource: shownPath(source), shownPath, losses: [] }
  const refusals = judgePlan(judged, settings)
  if (refusals.length === 0) return refusals
  const losses = yield* largestLosses(pairs, order, withheld)
  return judgePlan({ ...judged, losses }, settings)
}

interface Decided {
  readonly order: Plan['order']
  readonly withheld: ReadonlyMap<number, Withholding>
  readonly scope: Scope
  readonly links: HardLinks
}

function* sumUp(
  { pairs, root, unchanged, movedUnchanged = 0, moves = noMoves, sparse }: PlanInput,
  { order, withheld, scope, links }: Decided,
): Generator<void, PlanTotals> {
  const byAction = zeroByAction()
  let changes = 0
  let deletions = 0
  let additions = 0
  let bytes = 0
  let growth = 0
  let largestReplaced = 0
  for (const rows of [order.move, order.copy, order.remove, order.finish]) {
    for (const row of rows) {
      const action = pairs.action(row)
      if (action === undefined) continue
      byAction[action] += 1
      if (++changes % rowsPerStep === 0) yield
      if (withheld.has(row)) continue
      if (action === 'delete') {
        deletions += 1
        continue
      }
      // What only has another name is no more than there was.
      const isMore = action !== 'rename' || moves.files.get(row)?.stays === true
      if (isMore && !pairs.hasReplica(row)) additions += 1
      const written = contentBytes(pairs, { links: links.planned, moves }, row)
      if (written === 0) continue
      const cost = sparse ? pairs.sourceCost(row) : written
      // What has other names stays until the last of them is gone.
      const replaced = pairs.replicaNames(row) > 1 ? 0 : pairs.replicaCost(row)
      bytes += written
      growth += Math.max(0, cost - replaced)
      largestReplaced = Math.max(largestReplaced, Math.min(replaced, cost))
    }
  }
  const rootUnchanged = pairs.action(root.row) === undefined && (root.marks & NodeMark.hole) === 0
  return {
    changes,
    withheld: withheld.size,
    byAction,
    deletions,
    additions,
    bytes,
    spaceNeeded: growth + largestReplaced,
    unchanged: unchanged + movedUnchanged + scope.unchanged + links.unchanged + (rootUnchanged ? 1 : 0),
    sourceEntries: unchanged + scope.sourceEntries,
    replicaEntries: unchanged + scope.replicaEntries,
  }
}
