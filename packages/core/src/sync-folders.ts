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
import type { ManySyncOptions } from './many-options.js'
import type { ManyReport } from './model/many-report.js'
import type { SyncOptions } from './options.js'
import { buildPlan } from './plan/build-plan.js'
import { residualOf, residualsOf } from './run/residuals.js'
import { runInSlices } from './run/slices.js'
import { failWith } from './conclude.js'
import { findDifferences } from './find-differences.js'
import type { Holding } from './holding.js'
import type { Internals } from './internals.js'
import { inSession, type Session } from './session.js'
import { runMany } from './sync-many.js'
import { tallyInScope } from './scope-residuals.js'
import { settingsForReading } from './settings-for-reading.js'
import { settingsFrom } from './settings-from.js'
import { requireWatchedRoot, tellOfLinks } from './watched-run.js'
import type { Settings } from './settings.js'
import type { OpenedRoot } from './tree/local.js'
import { escapeName } from './tree/names.js'
import { openTree } from './tree/open-tree.js'
import { wantsXattrs } from './tree/xattrs.js'
import { requireSpace } from './tree/roots.js'
import { requireSameMounts, requireSameRoot } from './tree/same-roots.js'
import type { Walked } from './walk/walk-input.js'

/**
 * Makes the replica an exact copy of the source.
 *
 * @returns the report, once the replica equals the source as scanned; with `reject: false` whatever happened
 * @throws {SyncError} with the report, when the run ended with anything but 0; without one, when the options are
 * unusable. What a caller's own function threw is thrown as it is.
 */
export async function syncFolders(options: SyncOptions): Promise<Report>
/** Makes several replicas exact copies of one source, which is read once; see {@link ManySyncOptions}. */
export async function syncFolders(options: ManySyncOptions): Promise<ManyReport>
export async function syncFolders(options: SyncOptions | ManySyncOptions): Promise<Report | ManyReport> {
  return isForMany(options) ? await syncManyWith(options) : await syncWith(options, {})
}

/** {@link syncFolders} for several replicas, with what only tests set. */
export async function syncManyWith(
  options: ManySyncOptions,
  internalsOf?: (replica: string) => Internals,
): Promise<ManyReport> {
  return await runMany(options, { settingsOf: settingsFrom, run: syncAs }, internalsOf)
}

function isForMany(options: SyncOptions | ManySyncOptions): options is ManySyncOptions {
  return typeof options === 'object' && options !== null && 'replicas' in options
}

/** {@link syncFolders} with what only tests set, or held to a plan that was made before. */
export async function syncWith(
  options: SyncOptions,
  internals: Internals,
  holding?: Holding,
): Promise<Report> {
  return await syncAs(settingsFrom(options), internals, holding)
}

async function syncAs(wanted: Settings, internals: Internals, holding?: Holding): Promise<Report> {
  let settings = wanted
  for (;;) {
    const once = async (session: Session): ReturnType<typeof syncOnce> => await syncOnce(session, holding)
    const { result, conclude } = await inSession(settings, internals, once)
    if (result === 'unmovable') settings = { ...settings, movesDirectories: false }
    else if (result !== 'again') return conclude()
  }
}

/**
 * Returns `again` when all is to be read anew, as another run made the replica meanwhile, and `unmovable` when it is
 * because no directory can be renamed.
 */
async function syncOnce(session: Session, holding?: Holding): Promise<'done' | 'again' | 'unmovable'> {
  const { settings, memory, recorder } = session
  holding?.requireRoots(session)
  requireWatchedRoot(session)
  const { plan, hasHoles } = await makePlan(session, holding)
  const [refusal] = plan.refusals
  if (refusal !== undefined)
    throw new SyncError(errorCodeOf(refusal.exitCode), refusal.exitCode, refusal.message)
  if (settings.dryRun) return 'done'
  const ended = await onReplica(async () => {
    if (hasWork(session, plan)) return await execute(session, plan)
    requireSameRoots(session)
    await holding?.settle(session, plan)
    await flushOnly(session)
    return 'done'
  })
  if (ended !== 'done') return ended
  if (recorder.exitCode() === 0) session.backup?.prune()
  if (!endedWell.has(recorder.exitCode())) return 'done'
  // What a held plan leaves out, or a run of what was touched, is no sign that the source is to be trusted.
  const isWhole = session.watching?.touched === undefined
  if (holding === undefined && isWhole) memory.remember(hasHoles)
  if (isWhole) session.contents?.save()
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
  const settings = settingsForReading(options, 'a plan')
  const { result, conclude } = await inSession(settings, {}, async session => (await makePlan(session)).plan)
  return result ?? failWith(conclude())
}

/**
 * Compares the two folders, and changes nothing. The report has `exitCode` 0 when they are equal and 28 when not;
 * the differences are the changes that would mend them, told by the `plan` event.
 *
 * @throws {SyncError} when the comparison could not be finished
 */
export async function checkFolders(options: SyncOptions): Promise<Report>
/** Compares several replicas with one source, which is read once. */
export async function checkFolders(options: ManySyncOptions): Promise<ManyReport>
export async function checkFolders(options: SyncOptions | ManySyncOptions): Promise<Report | ManyReport> {
  if (!isForMany(options)) return await checkAs(settingsForCheck(options), {})
  return await runMany(options, { settingsOf: settingsForCheck, run: checkAs })
}

function settingsForCheck(options: SyncOptions): Settings {
  const settings = settingsForReading(options, 'a check', ['allowNewSource', 'scrub'])
  // What is remembered does not stand for what is there: all is read.
  return { ...settings, scrub: 100 }
}

async function checkAs(settings: Settings, internals: Internals): Promise<Report> {
  const { conclude } = await inSession(settings, internals, async session => {
    const { plan } = await makePlan(session)
    if (plan.totals.changes > 0) session.recorder.end(28)
  })
  return conclude(28)
}

const guessed =
  'what the file system of the replica holds was not asked, as a dry run writes nothing: differences of attributes may be none'

export interface Planned {
  readonly plan: Plan
  readonly walked: Walked
  /** Whether something of the source could not be read. */
  readonly hasHoles: boolean
}

export async function makePlan(session: Session, holding?: Holding): Promise<Planned> {
  const { settings, recorder, hooks, signal } = session
  const { walked, ordered, seen, renamed } = await findDifferences(session)
  if (session.isGuess) session.problem(problem('notice', 'replica', '', guessed))
  const tally = session.scopeIsOpen
    ? await runInSlices(tallyInScope(walked, session.can), signal)
    : walked.residuals
  const unseenXattrs = !session.can.readsXattrs && wantsXattrs(session.can.xattrs)
  const residuals = residualsOf(tally.list(), session.way, unseenXattrs)
  const input = {
    ...walked,
    ...seen,
    ...renamed,
    settings,
    links: session.can,
    source: settings.source,
    replica: settings.replica,
    sparse: session.can.holes === 'held',
    residuals,
    residualOf,
    shownPath: escapeName,
    sourceSeen: session.memory.seen,
    holdBack: holding?.holdBack(session),
  }
  const plan = await runInSlices(buildPlan(input, ordered), signal)
  recorder.planned(plan)
  for (const withheld of plan.problems.slice(walked.problems.length)) session.problem(withheld)
  tellOfLinks(session, plan)
  holding?.tell(session, plan)
  session.progress.begin(plan.totals.changes, plan.totals.bytes)
  await hooks.plan(plan)
  signal.throwIfAborted()
  return { plan, walked, hasHoles: walked.hasHoles }
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

/** `again` when the plan is for a replica that was not there, another run has made one since, and this one waits. */
async function execute(session: Session, plan: Plan): Promise<'done' | 'again' | 'unmovable'> {
  const { settings, roots } = session
  const partial = settings.partial ? await import('./apply/unfinished.js') : undefined
  requireSpace(
    roots,
    plan.totals.spaceNeeded - (partial?.bytesUnfinished(roots.replica, session.can.rights) ?? 0),
  )
  const replica = roots.replica ?? session.makeReplica()
  if (replica !== undefined) await session.lock(replica)
  // RACE: between the making and the lock another run may have had it.
  if (replica === undefined || (roots.replica === undefined && !isEmpty(replica))) {
    if (settings.wait) return 'again'
    throw appeared(settings.replica)
  }
  requireSameRoots(session, replica)
  session.backup?.begin(replica)
  return await applyPlan(executionOf(session, plan, replica.spec, partial))
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
