/** Plans that are kept: what few runs need is loaded when it is asked for. */
import type { ExplainedDifference } from './describe-change.js'
import type { Explanation } from './explain-path.js'
import type { ExplainedRule } from './find-rule.js'
import type { PlanToHold } from './hold-plan.js'
import type { ApplyOptions } from './held-options.js'
import type { RelativePath } from './model/path.js'
import type { Report } from './model/report.js'
import type { SyncOptions } from './options.js'
import type { HeldPlan } from './read-plan.js'

export type { ApplyOptions, ExplainedDifference, ExplainedRule, Explanation, HeldPlan, PlanToHold }

/**
 * Finds out what `syncFolders` would do, changes nothing, and gives what can be written down and applied later. A
 * plan that the guards refuse is returned too: see `plan.refusals`.
 *
 * @throws {SyncError} when the roots or the options are unusable, when an option is a function, which cannot be written
 * down, or the run was stopped
 */
export async function holdPlan(options: SyncOptions): Promise<PlanToHold> {
  const module = await import('./hold-plan.js')
  return await module.holdPlan(options)
}

/**
 * Reads what {@link holdPlan} gave, from its text in pieces of any size, such as the stream of a file.
 *
 * @throws {SyncError} with the code `invalid-options` and the place, when that is no plan
 */
export async function readPlan(
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
): Promise<HeldPlan> {
  const module = await import('./read-plan.js')
  return await module.readPlanText(chunks)
}

/**
 * Does what a plan says that was made before, as far as both folders are as they were: all is planned anew, and what is
 * not in both plans, or differs in anything, is left as it is and told as a problem with the code `drifted`.
 *
 * @returns the report, once all that was planned was done; with `reject: false` whatever happened
 * @throws {SyncError} as `syncFolders` does; with the exit code 24 when something was left as it is, and 26 when one of the
 * folders is another one than when the plan was made
 */
export async function applyPlan(plan: HeldPlan, options: ApplyOptions = {}): Promise<Report> {
  const module = await import('./apply-held.js')
  return await module.applyHeld(plan, options)
}

/**
 * Says of one path what `syncFolders` would do with it, and why: which rule leaves it out, or which attributes differ, and
 * from what to what. Changes nothing.
 *
 * @param path relative to both roots; the empty string is the root itself
 * @throws {SyncError} when the roots, the options or the path are unusable, or the run was stopped
 */
export async function explainPath(options: SyncOptions, path: RelativePath): Promise<Explanation> {
  const module = await import('./explain-path.js')
  return await module.explain(options, path)
}
