/**
 * The whole story on one page.
 *
 * options -> settings -> both roots, opened and guarded -> one walk over the pair of trees -> what is to be deleted,
 * looked for once more in the source -> the plan, judged by the guards -> shown only? report : the replica made and locked, both roots looked at again, the plan executed
 * phase by phase -> report.
 */
import { applyPlan } from './apply/apply.js'
import { executionOf, flushOnly, hasWork } from './execution-of.js'
import { isStorageFailure, meaningOf } from './model/errno.js'
import { errorCodeOf, SyncError } from './model/errors.js'
import type { ExitCode } from './model/exit-code.js'
import type { Plan } from './model/plan.js'
import { problem } from './model/problem.js'
import type { Report } from './model/report.js'
import type { SyncOptions } from './options.js'
import { buildPlan, orderPlan } from './plan/build-plan.js'
import { residualOf, residualsOf } from './run/residuals.js'
import { runInSlices } from './run/slices.js'
import { failWith } from './conclude.js'
import { lookAgain } from './look-again.js'
import { inSession, type Internals, type Session } from './session.js'
import { tallyInScope } from './scope-residuals.js'
import { settingsForReading, settingsFrom } from './settings.js'
import type { OpenedRoot } from './tree/local.js'
import { escapeName } from './tree/names.js'
import { openTree } from './tree/open-tree.js'
import { wantsXattrs } from './tree/xattrs.js'
import { refuseNested, requireSpace } from './tree/roots.js'
import { requireSameMounts, requireSameRoot } from './tree/same-roots.js'
import { walk } from './walk/walk.js'
import { walkInputOf } from './walk-input-of.js'

/**
 * Makes the replica an exact copy of the source.
 *
 * @returns the report, once the replica equals the source as scanned; with `reject: false` whatever happened
 * @throws {SyncError} with the report, when the run ended with anything but 0; without one, when the options are
 * unusable. What a caller's own function threw is thrown as it is.
 */
export async function syncFolders(options: SyncOptions): Promise<Report> {
  return await syncWith(options, {})
}

/** {@link syncFolders} with what only tests set. */
export async function syncWith(options: SyncOptions, internals: Internals): Promise<Report> {
  const settings = settingsFrom(options)
  for (;;) {
    const { result, conclude } = await inSession(settings, internals, syncOnce)
    if (result !== 'again') return conclude()
  }
}

/** Returns `again` when all is to be read anew, as another run made the replica meanwhile. */
async function syncOnce(session: Session): Promise<'done' | 'again'> {
  const { settings, memory, recorder } = session
  const { plan, hasHoles } = await makePlan(session)
  const [refusal] = plan.refusals
  if (refusal !== undefined)
    throw new SyncError(errorCodeOf(refusal.exitCode), refusal.exitCode, refusal.message)
  if (settings.dryRun) return 'done'
  const isDone = await onReplica(async () => {
    if (hasWork(session, plan)) return await execute(session, plan)
    requireSameRoots(session)
    await flushOnly(session)
    return true
  })
  if (!isDone) return 'again'
  if (endedWell.has(recorder.exitCode())) memory.remember(hasHoles)
  return 'done'
}

/** What there was to do was done, as far as single entries let it. */
const endedWell: ReadonlySet<ExitCode> = new Set([0, 23, 24])

/**
 * Finds out what {@link syncFolders} would do, and changes nothing. A plan the guards refuse is returned too: see
 * `plan.refusals`.
 *
 * @throws {SyncError} when the roots or the options are unusable, or the run was stopped
 */
export async function planSync(options: SyncOptions): Promise<Plan> {
  const settings = settingsForReading(options, 'a plan', ['wait', 'durable'])
  const { result, conclude } = await inSession(settings, {}, async session => (await makePlan(session)).plan)
  return result ?? failWith(conclude())
}

/**
 * Compares the two folders, and changes nothing. The report has `exitCode` 0 when they are equal and 28 when not;
 * the differences are the changes that would mend them, told by the `plan` event.
 *
 * @throws {SyncError} when the comparison could not be finished
 */
export async function checkFolders(options: SyncOptions): Promise<Report> {
  const settings = settingsForReading(options, 'a check', ['wait', 'durable', 'allowNewSource'])
  const { conclude } = await inSession(settings, {}, async session => {
    const { plan } = await makePlan(session)
    if (plan.totals.changes > 0) session.recorder.end(28)
  })
  return conclude(28)
}

const guessed =
  'what the file system of the replica holds was not asked, as a dry run writes nothing: differences of attributes may be none'

interface Planned {
  readonly plan: Plan
  /** Whether something of the source could not be read. */
  readonly hasHoles: boolean
}

async function makePlan(session: Session): Promise<Planned> {
  const { settings, recorder, hooks, signal } = session
  const walkedFrom = Date.now()
  const walkInput = walkInputOf(session)
  const walked = await walk(walkInput)
  refuseNested(walked.meetsOtherRoot)
  if (session.isGuess) session.problem(problem('notice', 'replica', '', guessed))
  const tally = session.scopeIsOpen
    ? await runInSlices(tallyInScope(walked, session.can), signal)
    : walked.residuals
  const unseenXattrs = !session.can.readsXattrs && wantsXattrs(session.can.xattrs)
  const residuals = residualsOf(tally.list(), session.way, unseenXattrs)
  const facts = { ...walked, settings, links: session.can }
  const ordered = await runInSlices(orderPlan(facts), signal)
  const seen = await lookAgain({
    session,
    walked,
    walkedFrom,
    order: ordered.order,
    filter: walkInput.filter,
  })
  const input = {
    ...facts,
    ...seen,
    source: settings.source,
    replica: settings.replica,
    sparse: session.can.holes === 'held',
    residuals,
    residualOf,
    shownPath: escapeName,
    sourceSeen: session.memory.seen,
  }
  const plan = await runInSlices(buildPlan(input, ordered), signal)
  recorder.planned(plan)
  for (const withheld of plan.problems.slice(walked.problems.length)) session.problem(withheld)
  session.progress.begin(plan.totals.changes, plan.totals.bytes)
  await hooks.plan(plan)
  signal.throwIfAborted()
  return { plan, hasHoles: walked.hasHoles }
}

/** Runs what only the replica's storage can fail with such an error: that of the source is told entry by entry. */
async function onReplica<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (!isStorageFailure(error)) throw error
    const message = `the storage of the replica failed: ${meaningOf(error)}; run again when it is mended`
    throw new SyncError('storage-failed', 11, message, { cause: error })
  }
}

/** False when the plan is for a replica that was not there, another run has made one since, and this one waits. */
async function execute(session: Session, plan: Plan): Promise<boolean> {
  const { settings, roots } = session
  requireSpace(roots, plan.totals.spaceNeeded)
  const replica = roots.replica ?? session.makeReplica()
  if (replica !== undefined) await session.lock(replica)
  // RACE: between the making and the lock another run may have had it.
  if (replica === undefined || (roots.replica === undefined && !isEmpty(replica))) {
    if (settings.wait) return false
    throw appeared(settings.replica)
  }
  requireSameRoots(session, replica)
  await applyPlan(executionOf(session, plan, replica.spec))
  return true
}

function isEmpty({ spec }: OpenedRoot): boolean {
  const tree = openTree(spec)
  return tree.list(tree.root).length === 0
}

function requireSameRoots({ settings, roots, replicaMounts }: Session, replica = roots.replica): void {
  requireSameRoot(roots.source, settings.source)
  if (replica === undefined) return
  requireSameRoot(replica, settings.replica)
  requireSameMounts(settings.replica, replicaMounts)
}

function appeared(replica: string): SyncError {
  const message = `the replica "${escapeName(replica)}" was made by another run while the source was read: nothing was changed; run again, or wait for other runs with wait (--wait)`
  return new SyncError('locked', 27, message)
}
