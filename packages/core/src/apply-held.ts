/**
 * Applies a plan that was made before. All is planned anew, with the options of then, and only what both plans have is done;
 * so the guards, the second looks and all that is looked at before something is changed are those of any run. What is in
 * one of the two only, or differs in anything, is left as it is, and told.
 */
import { devicesOf, heldChangeOf } from './held-change-of.js'
import { type ApplyOptions, applyOptionsFrom, optionsOfHeld } from './held-options.js'
import type { Holding } from './holding.js'
import type { Action } from './model/change.js'
import { SyncError } from './model/errors.js'
import { pathOfRow } from './model/pairs.js'
import type { RelativePath } from './model/path.js'
import type { Plan } from './model/plan.js'
import { problem } from './model/problem.js'
import type { Report } from './model/report.js'
import type { SyncOptions } from './options.js'
import type { HeldRoot } from './plan-text.js'
import { holdBack } from './plan/hold-back.js'
import { HeldPlan, type PlanComparer } from './read-plan.js'
import { refuse } from './refusals.js'
import type { Internals } from './internals.js'
import type { Session } from './session.js'
import { syncWith } from './sync-folders.js'
import { compareIdentities, identifyFolder } from './tree/folder-identity.js'
import type { OpenedRoot } from './tree/local.js'
import { escapeName } from './tree/names.js'

/** {@link applyHeld} with what only tests set. */
export async function applyHeld(
  held: HeldPlan,
  given: ApplyOptions,
  internals: Internals = {},
): Promise<Report> {
  if (!(held instanceof HeldPlan)) throw refuse('plan', 'what readPlan gave', held)
  const roots = { source: held.source.path, replica: held.replica.path }
  const options: SyncOptions = { ...optionsOfHeld(held.options), ...applyOptionsFrom(given), ...roots }
  return await syncWith(options, internals, holdingOf(held))
}

function holdingOf(held: HeldPlan): Holding {
  let comparer: PlanComparer = held.comparer()
  let dependent: ReadonlySet<number> = new Set()
  return {
    requireRoots: session => requireRoots(session, held),
    holdBack: ({ roots }) =>
      function* (plan) {
        comparer = held.comparer()
        const devices = devicesOf(roots)
        const found = yield* holdBack(plan, {
          isAsPlanned: row => comparer.isAsPlanned(heldChangeOf(plan, row, devices), plan.withheld.has(row)),
          missed: comparer.missed,
        })
        dependent = found.dependent
        return found.withheld
      },
    tell: (session, plan) => tellDrift(session, plan, comparer, dependent),
    settle: async ({ recorder, hooks }, plan) => {
      for (const row of rowsOf(plan)) {
        recorder.settled(row, 'withheld', 0)
        const outcome = { status: 'withheld', problem: undefined, bytes: 0, digest: undefined } as const
        await hooks.outcome?.({ ...outcome, change: plan.changeOf(row) })
      }
    },
  }
}

function* rowsOf({ order }: Plan): Generator<number> {
  for (const rows of [order.move, order.copy, order.remove, order.finish]) yield* rows
}

function tellDrift(
  session: Session,
  plan: Plan,
  comparer: PlanComparer,
  dependent: ReadonlySet<number>,
): void {
  const tell = (path: RelativePath, message: string): void =>
    session.problem(problem('drifted', 'replica', path, `"${shownPath(path)}" ${message}`))
  for (const row of rowsOf(plan)) {
    if (plan.withholding(row) !== 'not as planned') continue
    const path = pathOfRow(plan.pairs, row)
    tell(path, whyNot(plan.pairs.action(row), comparer.actionAt(path), dependent.has(row)))
  }
  for (const { path, action } of comparer.missed())
    tell(path, `is not to be ${deeds[action]} any more, as was planned: nothing was done`)
}

function whyNot(action: Action = 'metadata', planned: Action | undefined, isDependent: boolean): string {
  if (isDependent) return `was left as it is: what its change depends on is not as planned`
  if (planned === undefined)
    return `was left as it is: nothing was planned for it, and it would be ${deeds[action]} by now`
  if (planned === action) return `was left as it is: it is no longer what it was when the plan was made`
  return `was left as it is: it was to be ${deeds[planned]}, and would be ${deeds[action]} by now`
}

const deeds: Readonly<Record<Action, string>> = {
  create: 'created',
  update: 'updated',
  metadata: 'given its attributes',
  replace: 'replaced',
  rename: 'renamed',
  link: 'linked',
  delete: 'deleted',
}

function requireRoots({ roots, settings }: Session, held: HeldPlan): void {
  const { source, replica, mounts } = roots
  requireRoot(source, held.source, (root, path) => identifyFolder(root, path, mounts))
  const isThere = replica !== undefined
  if (isThere !== (held.replica.identity !== null)) {
    const what = isThere ? 'was not there when the plan was made, and is there now' : 'is no longer there'
    throw refuseRoot(`replica "${escapeName(settings.replica)}" ${what}`)
  }
  if (isThere) requireRoot(replica, held.replica, (root, path) => identifyFolder(root, path, mounts))
}

function requireRoot(root: OpenedRoot, held: HeldRoot, identify: typeof identifyFolder): void {
  const { path, identity } = held
  if (identity !== null && compareIdentities(identity, identify(root, path), 0n) === 'as before') return
  throw refuseRoot(
    `${root.spec.side} "${escapeName(path)}" is not the folder that it was when the plan was made`,
  )
}

function refuseRoot(what: string): SyncError {
  return new SyncError('root-refused', 26, `${what}: nothing was changed; make the plan anew`)
}

function shownPath(path: RelativePath): string {
  return path === '' ? '.' : escapeName(path)
}
