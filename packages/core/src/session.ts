/** What one run holds to its end: both roots, the executor, the recorder, the caller's functions, one signal to stop. */
import { jobSetup } from './job-setup.js'
import { backupOf } from './backup-of.js'
import { conclude } from './conclude.js'
import type { ContentMemory } from './content-memory.js'
import type { RunBackup } from './run-backup.js'
import { makeJobs } from './jobs.js'
import { lockOnce } from './lock-once.js'
import type { ExitCode } from './model/exit-code.js'
import type { FlushWay } from './model/finish-jobs.js'
import type { RelativePath } from './model/path.js'
import type { Problem } from './model/problem.js'
import type { WatchedWalk } from './model/watched-walk.js'
import type { HeldWay, Report } from './model/report.js'
import { createExecutor, type Executor } from './run/executor.js'
import { Hooks } from './run/hooks.js'
import { ProgressMeter } from './run/progress.js'
import { Recorder } from './run/recorder.js'
import { Stopper } from './run/stopper.js'
import type { Settings } from './settings.js'
import { folderTools, remembersContents } from './remembers-contents.js'
import { threadsOf } from './thread-count.js'
import { requireSurroundings } from './surroundings.js'
import { ownerRights } from './tree/attributes.js'
import { openWhenFree } from './open-when-free.js'
import { probeReplica } from './probe-replica.js'
import { lookIntoMemory, type SourceMemory } from './source-memory.js'
import { capabilitiesOf, type Capabilities } from './tree/capabilities.js'
import type { OpenedRoot } from './tree/local.js'
import { rightsOfProcess } from './tree/process-rights.js'
import { waitedForProcessorMs } from './tree/processor-waits.js'
import { makeReplicaRoot, type Roots } from './tree/roots.js'
import type { Internals } from './internals.js'

export interface Session {
  readonly settings: Settings
  readonly roots: Roots
  readonly way: HeldWay
  readonly can: Capabilities
  readonly memory: SourceMemory
  /** Undefined where no content is remembered. */
  readonly contents: ContentMemory | undefined
  /** Whether what the replica's file system holds is a guess. */
  readonly isGuess: boolean
  /** When others began to list the source, in milliseconds; undefined when nobody else does. */
  readonly listedSince: number | undefined
  /** Whether patterns or a function decide on what is in scope only after it was compared. */
  readonly scopeIsOpen: boolean
  /** How what is written is brought to the storage; undefined: the system does when it likes. */
  readonly flush: FlushWay | undefined
  /** Where other file systems are mounted below the replica's root. */
  readonly replicaMounts: readonly RelativePath[]
  /** Keeps what is overwritten or deleted, where that is wanted. */
  readonly backup: RunBackup | undefined
  /** Who watches the source, where somebody does. */
  readonly watching: WatchedWalk | undefined
  readonly executor: Executor
  readonly recorder: Recorder
  readonly hooks: Hooks
  readonly progress: ProgressMeter
  /** Records a problem and tells the caller. */
  readonly problem: (found: Problem) => void
  /** Aborted by the caller, or because one of the caller's functions failed. */
  readonly signal: AbortSignal
  /** Makes this run the only one that writes to a replica, until it ends; waits for others if that is wanted. */
  readonly lock: (replica: OpenedRoot) => Promise<void>
  /** Makes the replica that did not exist; undefined when somebody else has made it. */
  readonly makeReplica: () => OpenedRoot | undefined
}

/** What came of a session: the result, if it got that far, and how to end the caller's call. */
export interface Concluded<T> {
  readonly result: T | undefined
  /** Returns the report, or throws as the options ask; `fine` is one more exit code that is no failure. */
  readonly conclude: (fine?: ExitCode) => Report
}

/** Runs one session from its opening to its report, whatever happens in between. */
export async function inSession<T>(
  settings: Settings,
  internals: Internals,
  work: (session: Session) => Promise<T>,
): Promise<Concluded<T>> {
  const recorder = new Recorder(settings)
  const stopper = new Stopper(settings.signal)
  const hooks = new Hooks(settings.on, () => stopper.stop(), stopper.signal)
  let result: T | undefined
  let failure: { readonly error: unknown } | undefined
  const closers: (() => void | Promise<void>)[] = [() => stopper.release()]
  try {
    stopper.signal.throwIfAborted()
    requireSurroundings()
    if (internals.together?.refusal !== undefined) throw internals.together.refusal
    const session = await open({ settings, internals, recorder, hooks, stopper, closers })
    result = await work(session)
  } catch (error) {
    failure = { error }
  }
  for (const close of closers.reverse()) {
    try {
      await close()
    } catch (error) {
      failure ??= { error }
    }
  }
  return { result, conclude: (fine = 0) => conclude({ settings, recorder, hooks, stopper, failure }, fine) }
}

interface Opening {
  readonly settings: Settings
  readonly internals: Internals
  readonly recorder: Recorder
  readonly hooks: Hooks
  readonly stopper: Stopper
  readonly closers: (() => void | Promise<void>)[]
}

async function open({ settings, internals, recorder, hooks, stopper, closers }: Opening): Promise<Session> {
  const tellProblem = (found: Problem): void => {
    recorder.problem(found)
    hooks.problem(found)
  }
  const lock = lockOnce(settings, stopper.signal, tellProblem)
  // Let go after the threads have ended.
  closers.push(() => lock.letGo())
  const roots = await openWhenFree(settings, lock)
  closers.push(() => roots.close())
  const way = roots.source.spec.way
  recorder.held(way)
  const memory = lookIntoMemory(roots, settings)
  const rights = ownerRights()
  const processRights = rightsOfProcess()
  const probed = probeReplica(roots, { rights, processRights }, settings)
  const { maxLinks = probed.abilities.maxLinks } = internals
  const abilities = { ...probed.abilities, maxLinks }
  const backup = settings.backupDir === undefined ? undefined : await backupOf(settings, roots, closers)
  const known = capabilitiesOf(way, rights, settings.preserve, abilities, processRights)
  // Each entry of a new directory is told by itself, so that each is known when it is undone.
  const can = backup === undefined ? known : { ...known, movesBuiltDirectories: false }
  const contents = remembersContents(settings)
    ? (await import('./content-memory.js')).openContentMemory(roots, settings, tellProblem, folderTools)
    : undefined
  const setup = { ...jobSetup(settings, internals, roots, can, stopper.flag), contents: contents?.setup }
  const threads = threadsOf(settings)
  const executor = await createExecutor({
    callerHelps: settings.callerHelps,
    inlineJobs: async () => await makeJobs(setup),
    threads:
      threads.count === 0
        ? undefined
        : {
            ...threads,
            module: new URL('./worker.js', import.meta.url),
            data: (thread, loading) => ({ ...setup, thread, loading }),
            waitedMs: waitedForProcessorMs,
            smallJobs: ['compare', 'compareAgain'],
          },
    threadsAtOnce: internals.threadsAtOnce === true,
  })
  closers.push(async () => await executor.close())
  return {
    settings,
    roots,
    way,
    can,
    memory,
    contents,
    isGuess: probed.isGuess,
    listedSince: internals.together?.since,
    scopeIsOpen: setup.compare.wantAll,
    flush: setup.apply.flush,
    replicaMounts: setup.roots.replicaMounts,
    backup,
    watching: internals.watching,
    executor,
    recorder,
    hooks,
    progress: new ProgressMeter(hooks.progress),
    problem: tellProblem,
    signal: stopper.signal,
    lock: lock.take,
    makeReplica: () => {
      const made = makeReplicaRoot(settings.replica, way)
      if (made === undefined) return undefined
      // Before the executor's closer, so that it is closed after the threads have ended.
      closers.unshift(() => made.close())
      return made
    },
  }
}
