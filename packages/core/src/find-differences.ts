/**
 * All that a plan is made of: one walk over the pair of trees, the second look at the source, and what was renamed.
 *
 * Law L1: where something of the source could not be read, nothing loses its name. Directories that are renamed where they
 * are were taken for one before that was known, so then both trees are walked once more, without that.
 */
import type { Problem } from './model/problem.js'
import { findRenames, type Renamed } from './find-renames.js'
import { lookAgain, type SeenAgain } from './look-again.js'
import { loneTimes } from './plan/lone-times.js'
import { steadyTime } from './model/steady.js'
import { type Ordered, orderPlan } from './plan/build-plan.js'
import { runInSlices } from './run/slices.js'
import type { Session } from './session.js'
import { refuseNested } from './tree/roots.js'
import { walk } from './walk/walk.js'
import type { Walked, WalkInput } from './walk/walk-input.js'
import { walkInputOf } from './walk-input-of.js'

export interface Differences {
  readonly walked: Walked
  readonly ordered: Ordered
  readonly seen: SeenAgain
  readonly renamed: Renamed
}

export async function findDifferences(session: Session): Promise<Differences> {
  const walkInput = walkInputOf(session)
  const found = await findOnce(session, walkInput, walk)
  const { moves, hasHoles, problems } = found.renamed
  if (!hasHoles || moves.directories.size === 0) return found
  for (const untold of problems.slice(found.walked.problems.length)) walkInput.onProblem(untold)
  return await findOnce(session, { ...walkInput, renames: false }, input =>
    walkAgain(input, { problems, hasHoles: true }),
  )
}

async function findOnce(
  session: Session,
  walkInput: WalkInput,
  walkBoth: (input: WalkInput) => Promise<Walked>,
): Promise<Differences> {
  const { settings, signal } = session
  const walkedFrom = session.listedSince ?? Date.now()
  const walked = await walkForSure(session, walkInput, walkBoth)
  refuseNested(walked.meetsOtherRoot)
  const ordered = await runInSlices(orderPlan({ ...walked, settings }), signal)
  const { filter } = walkInput
  const seen = await lookAgain({ session, walked, walkedFrom, order: ordered.order, filter })
  const renamed = await findRenames({ session, walked, walkInput, ordered, seen })
  return { walked, ordered, seen, renamed }
}

/** What was renamed where it is, is read as far as another may be the one that was; that is known when all was met. */
async function walkForSure(
  { settings, signal }: Session,
  walkInput: WalkInput,
  walkBoth: (input: WalkInput) => Promise<Walked>,
): Promise<Walked> {
  const walked = await walkBoth(walkInput)
  const { pairs, renamed, problems, hasHoles } = walked
  if (renamed.size === 0 || settings.compare !== 'metadata') return walked
  const { timeStepNs } = walkInput
  const times = [...renamed.keys()].map(row => steadyTime(pairs, { source: row }, timeStepNs) ?? -1n)
  const lone = await runInSlices(loneTimes(pairs, times, timeStepNs, renamed), signal)
  if (times.every(time => lone.has(time))) return walked
  return await walkAgain({ ...walkInput, trustsRenamed: false }, { problems, hasHoles })
}

/**
 * What could not be read once is not proven absent, though it can be read by now.
 *
 * @param known what was met so far
 */
async function walkAgain(input: WalkInput, known: Pick<Walked, 'problems' | 'hasHoles'>): Promise<Walked> {
  const keys = new Set(known.problems.map(keyOf))
  const isNew = (found: Problem): boolean => !keys.has(keyOf(found))
  const onProblem = (found: Problem): void => {
    if (isNew(found)) input.onProblem(found)
  }
  const walked = await walk({ ...input, onProblem, onCompared: () => undefined })
  const problems = [...known.problems, ...walked.problems.filter(isNew)]
  return { ...walked, hasHoles: known.hasHoles || walked.hasHoles, problems }
}

function keyOf({ code, side, path }: Problem): string {
  return `${code} ${side} ${path}`
}
