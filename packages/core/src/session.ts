/** What one run holds to its end: both roots, the executor, the recorder, the caller's functions, one signal to stop. */
import { livingStagings } from './apply/staging.js'
import { conclude } from './conclude.js'
import { type JobSetup, makeJobs } from './jobs.js'
import { lockOnce } from './lock-once.js'
import type { ExitCode } from './model/exit-code.js'
import type { FlushWay } from './model/jobs.js'
import type { RelativePath } from './model/path.js'
import type { Problem } from './model/problem.js'
import type { HeldWay, Report } from './model/report.js'
import type { AbortFlag } from './run/abort-flag.js'
import { createExecutor, type Executor } from './run/executor.js'
import { Hooks } from './run/hooks.js'
import { ProgressMeter } from './run/progress.js'
import { Recorder } from './run/recorder.js'
import { Stopper } from './run/stopper.js'
import type { Settings } from './settings.js'
import { threadsOf } from './thread-count.js'
import { requireSurroundings } from './surroundings.js'
import { ownerRights } from './tree/attributes.js'
import { openWhenFree } from './open-when-free.js'
import { probeReplica } from './probe-replica.js'
import { includesAll } from './walk/include.js'
import { lookIntoMemory, type SourceMemory } from './source-memory.js'
import { flushWayOf } from './tree/flush-way.js'
import { capabilitiesOf, type Capabilities } from './tree/capabilities.js'
import type { OpenedRoot } from './tree/local.js'
import { mountsBelow } from './tree/mounts.js'
import { rightsOfProcess } from './tree/process-rights.js'
import { waitedForProcessorMs } from './tree/processor-waits.js'
import { identifyOwnFiles, makeReplicaRoot, type Roots } from './tree/roots.js'
import type { DecoratorSpec } from './tree/tree.js'
import { lacksXattrs } from './tree/xattrs.js'

/** What only tests set. */
export interface Internals {
  /** Wraps both trees in every thread. */
  readonly decorator?: DecoratorSpec
  /** Uses worker threads even when there is little to do. */
  readonly threadsAtOnce?: boolean
  /** In place of what the replica's file system allows. */
  readonly maxLinks?: number
  /** In place of the best way there is. */
  readonly flush?: FlushWay
}

export interface Session {
  readonly settings: Settings
  readonly roots: Roots
  readonly way: HeldWay
  readonly can: Capabilities
  readonly memory: SourceMemory
  /** Whether what the replica's file system holds is a guess. */
  readonly isGuess: boolean
  /** Whether patterns or a function decide on what is in scope only after it was compared. */
  readonly scopeIsOpen: boolean
  /** How what is written is brought to the storage; undefined: the system does when it likes. */
  readonly flush: FlushWay | undefined
  /** Where other file systems are mounted below the replica's root. */
  readonly replicaMounts: readonly RelativePath[]
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
  const can = capabilitiesOf(way, rights, settings.preserve, abilities, processRights)
  const setup = jobSetup(settings, internals, roots, can, stopper.flag)
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
            data: thread => ({ ...setup, thread }),
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
    isGuess: probed.isGuess,
    scopeIsOpen: setup.compare.wantAll,
    flush: setup.apply.flush,
    replicaMounts: setup.roots.replicaMounts,
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

function jobSetup(
  settings: Settings,
  { decorator, flush }: Internals,
  roots: Roots,
  can: Capabilities,
  flag: AbortFlag,
): JobSetup {
  const { hasher, compare } = settings
  const hash = typeof hasher === 'string' ? hasher : undefined
  const needsCaller =
    typeof compare === 'function'
      ? 'ask-all'
      : compare === 'content' && typeof hasher === 'object'
        ? 'ask'
        : undefined
  const everything = includesAll(settings.include)
  return {
    thread: 0,
    source: roots.source.spec,
    replica: roots.replica?.spec,
    can,
    compare: {
      content: needsCaller ?? (compare === 'content' ? 'content' : 'metadata'),
      hash: compare === 'content' ? hash : undefined,
      wantAll: settings.filter !== undefined || !everything,
      deleteExcluded: settings.deleteExcluded,
      oneFileSystem: settings.oneFileSystem,
      copiesTell: !settings.dryRun && !lacksXattrs(can.xattrs),
    },
    apply: {
      hash,
      verify: settings.verify,
      sparse: can.holes === 'held',
      flush: settings.durable ? (flush ?? flushWayOf(roots.nearest)) : undefined,
    },
    exclude: settings.exclude,
    roots: {
      sourceDevice: roots.source.entry.device,
      replicaDevice: roots.nearest.entry.device,
      sourceIdentity: identityOf(roots.source),
      replicaIdentity: identityOf(roots.nearest),
      ownFiles: identifyOwnFiles(settings.ownFiles, roots.replica),
      livingStagings: livingStagings(),
      replicaMounts: roots.replica === undefined ? [] : mountsBelow(settings.replica, roots.mounts),
    },
    abort: flag.shared,
    decorator,
  }
}

function identityOf({ entry }: OpenedRoot): string {
  return `${entry.device}:${entry.inode}`
}
