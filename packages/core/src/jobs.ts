/**
 * The jobs of one thread, made from plain data: both trees opened, filters compiled, hashes loaded. The same
 * for the caller's thread and for workers.
 */
import { applyChanges } from './apply/apply-changes.js'
import { type ApplyContext, Buffers } from './apply/context.js'
import { finishDirectories } from './apply/finish-directories.js'
import { flushReplica } from './apply/flush-replica.js'
import { Refusals } from './apply/refusals.js'
import { ThreadStaging } from './apply/staging.js'
import { type CompareContext, compareDirectory, compareNames } from './compare/compare-directory.js'
import { findChanged } from './compare/find-changed.js'
import { loadHash } from './hash/hasher.js'
import type {
  ApplyBatch,
  ApplyPlace,
  ApplySettings,
  CompareRequest,
  CompareSettings,
  FinishBatch,
  FlushBatch,
  NameSlice,
  RootFacts,
  SecondLook,
} from './model/jobs.js'
import { AbortFlag } from './run/abort-flag.js'
import { type JobTable, untilStopped } from './run/job.js'
import type { Capabilities } from './tree/capabilities.js'
import { HeldDirectories } from './tree/held-directories.js'
import { openTree } from './tree/open-tree.js'
import type { DecoratorSpec, Tree, TreeDecorator, TreeSpec } from './tree/tree.js'
import type { Pattern } from './walk/patterns.js'

/** What a thread's jobs are made from: plain data. */
export interface JobSetup {
  /** 0 is the caller's thread. */
  readonly thread: number
  readonly source: TreeSpec
  /** Undefined while the replica does not exist. */
  readonly replica: TreeSpec | undefined
  readonly can: Capabilities
  readonly compare: CompareSettings
  readonly apply: ApplySettings
  readonly exclude: readonly Pattern[]
  readonly roots: RootFacts
  readonly abort: SharedArrayBuffer
  /** Wraps both trees, for instance to plant faults. */
  readonly decorator: DecoratorSpec | undefined
}

export type Place = ApplyPlace<TreeSpec>

export interface ApplyTask {
  readonly batch: ApplyBatch
  readonly place: Place
}

export interface FinishTask {
  readonly batch: FinishBatch
  readonly place: Place
}

export interface FlushTask {
  readonly batch: FlushBatch
  readonly place: Place
}

/** What verifying needs when no hash was asked for. */
const verifyingHash = 'xxh64'

export async function makeJobs(setup: JobSetup): Promise<JobTable> {
  const abort = new AbortFlag(setup.abort)
  const open = await treeOpener(setup.decorator)
  const source = open(setup.source)
  const comparedReplica = setup.replica === undefined ? undefined : open(setup.replica)
  const compare: CompareContext = {
    source,
    replica: comparedReplica,
    can: setup.can,
    settings: setup.compare,
    roots: setup.roots,
    isExcluded:
      setup.exclude.length === 0
        ? undefined
        : (await import('./walk/filter.js')).compileExcludes(setup.exclude),
    hash: setup.compare.hash === undefined ? undefined : await loadHash(setup.compare.hash),
    sharesNames: true,
  }
  // What appeared meanwhile is only wanted by kind, size and time.
  const comparedAgain: CompareContext = {
    ...compare,
    sharesNames: false,
    can: { ...setup.can, readsXattrs: false },
    settings: { ...setup.compare, content: 'metadata', wantAll: false },
  }
  const hashName = setup.apply.hash ?? (setup.apply.verify ? verifyingHash : undefined)
  const hash = hashName === undefined ? undefined : await loadHash(hashName)
  const buffers = new Buffers()
  const refused = new Refusals()
  let replica = comparedReplica
  let linkedTo: HeldDirectories | undefined
  let staging: ThreadStaging | undefined

  function applyContext(place: Place): ApplyContext {
    const into = (replica ??= open(place.replica))
    return {
      source,
      replica: into,
      linkedTo: (linkedTo ??= new HeldDirectories(into.tree)),
      can: setup.can,
      settings: setup.apply,
      hash,
      staging: () => {
        if (place.staging === undefined) throw new Error('no staging directory was made')
        return (staging ??= new ThreadStaging(into.tree, place.staging, setup.thread))
      },
      isAborted: () => abort.isRaised(),
      buffers,
      refused,
    }
  }

  return {
    run: {
      compare: request => untilStopped(compareDirectory(compare, request as CompareRequest), abort),
      compareNames: slice => untilStopped(compareNames(compare, slice as NameSlice), abort),
      findChanged: look => untilStopped(findChanged(source, look as SecondLook), abort),
      compareAgain: request =>
        untilStopped(compareDirectory(comparedAgain, request as CompareRequest), abort),
      apply: task => applyChanges(applyContext((task as ApplyTask).place), (task as ApplyTask).batch),
      flush: task => flushReplica(applyContext((task as FlushTask).place), (task as FlushTask).batch),
      finish: task => finishDirectories(applyContext((task as FinishTask).place), (task as FinishTask).batch),
    },
    close: () => {
      source.held.close()
      replica?.held.close()
      linkedTo?.close()
      staging?.close()
    },
  }
}

interface Held {
  readonly tree: Tree
  readonly held: HeldDirectories
}

/** Opens trees, wrapped by a module that is named rather than passed, so that it reaches every thread. */
async function treeOpener(decorator: DecoratorSpec | undefined): Promise<(spec: TreeSpec) => Held> {
  const decorate =
    decorator === undefined ? undefined : ((await import(decorator.module)) as TreeDecorator).decorate
  return spec => {
    const local = openTree(spec)
    const tree = decorate === undefined ? local : decorate(local, decorator?.data)
    return { tree, held: new HeldDirectories(tree) }
  }
}
