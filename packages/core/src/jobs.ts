/**
 * The jobs of one thread, made from plain data: both trees opened, filters compiled, hashes loaded. The same
 * for the caller's thread and for workers.
 */
import { ignoreRules, rateLimit, rememberedFiles } from './jobs-on-demand.js'
import { applyChanges } from './apply/apply-changes.js'
import { type ApplyContext, Buffers } from './apply/context.js'
import { finishDirectories } from './apply/finish-directories.js'
import type { GoingOn } from './apply/go-on.js'
import { flushReplica } from './apply/flush-replica.js'
import { Refusals } from './apply/refusals.js'
import { ThreadStaging } from './apply/staging.js'
import type { CompareContext } from './compare/directory-comparison.js'
import { compareDirectory, compareNames } from './compare/compare-directory.js'
import { digestFiles } from './compare/digest-files.js'
import { findChanged } from './compare/find-changed.js'
import { sharingLists } from './compare/shared-listing.js'
import { loadHash } from './hash/hasher.js'
import type { FinishBatch, FlushBatch } from './model/finish-jobs.js'
import type {
  ApplyBatch,
  ApplyPlace,
  CompareRequest,
  DigestRequest,
  NameSlice,
  SecondLook,
} from './model/jobs.js'
import type { Recorder } from './backup/recorder.js'
import { AbortFlag } from './run/abort-flag.js'
import { type JobTable, untilStopped } from './run/job.js'
import { HeldDirectories } from './tree/held-directories.js'
import { openTree } from './tree/open-tree.js'
import { SharedMemory } from './tree/shared-memory.js'
import { sharingReads } from './tree/shared-reads.js'
import type { DecoratorSpec, Tree, TreeDecorator, TreeSpec } from './tree/tree.js'
import type { JobSetup } from './thread-setup.js'

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
  const sharing = setup.shared === undefined ? undefined : shareWith(setup.shared, setup.thread)
  const source = open(setup.source, sharing?.reads)
  const comparedReplica = setup.replica === undefined ? undefined : open(setup.replica)
  const isExcluded =
    setup.exclude.length + setup.rules.length === 0
      ? undefined
      : (await import('./walk/filter.js')).compileExcludes(setup.exclude, setup.rules)
  const compare: CompareContext = {
    source,
    replica: comparedReplica,
    can: setup.can,
    settings: setup.compare,
    roots: setup.roots,
    isExcluded,
    hash: setup.compare.hash === undefined ? undefined : await loadHash(setup.compare.hash),
    sharesNames: true,
    listsSource: sharing?.lists,
    ignore: setup.ignoreFile === undefined ? undefined : await ignoreRules(setup.ignoreFile, isExcluded),
    remembered: setup.contents === undefined ? undefined : await rememberedFiles(setup.contents),
  }
  // What appeared meanwhile is only wanted by kind, size and time.
  const comparedAgain: CompareContext = {
    ...compare,
    sharesNames: false,
    remembered: undefined,
    listsSource: undefined,
    can: { ...setup.can, readsXattrs: false },
    settings: { ...setup.compare, content: 'metadata', wantAll: false },
  }
  const hashName = setup.apply.hash ?? (setup.apply.verify ? verifyingHash : undefined)
  const hash = hashName === undefined ? undefined : await loadHash(hashName)
  const buffers = new Buffers()
  // What the system copies, each would read for itself.
  const refused = new Refusals(sharing === undefined ? [] : ['copy'])
  const rate = await rateLimit(setup, abort)
  const goOn = setup.roots.goesOnWith === undefined ? undefined : await import('./apply/go-on.js')
  let goingOn: GoingOn | undefined
  const recorderOf = setup.keepsOld === true ? (await import('./backup/recorder.js')).recorderOf : undefined
  let recorder: Recorder | undefined
  let replica = comparedReplica
  let linkedTo: HeldDirectories | undefined
  let staging: ThreadStaging | undefined

  function applyContext(place: Place): ApplyContext {
    if (recorderOf !== undefined && recorder === undefined && place.backup !== undefined) {
      // What was compared was only read: all that is held from here on is recorded.
      replica?.held.close()
      recorder = recorderOf({
        replica: (replica ?? open(place.replica)).tree,
        run: open(place.backup).tree,
        thread: String(setup.thread),
        staging: place.staging?.name,
        isDurable: setup.apply.flush !== undefined,
      })
      replica = { tree: recorder.tree, held: new HeldDirectories(recorder.tree) }
    }
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
      rate,
      goingOn: (goingOn ??=
        goOn && place.unfinished && new goOn.GoingOn(into.tree, place.unfinished, setup.can.rights.uid)),
    }
  }

  function sideOf({ side }: DigestRequest): Held {
    if (side === 'source') return source
    if (replica === undefined) throw new Error('the replica does not exist')
    return replica
  }

  return {
    run: {
      compare: request => untilStopped(compareDirectory(compare, request as CompareRequest), abort),
      compareNames: slice => untilStopped(compareNames(compare, slice as NameSlice), abort),
      findChanged: look => untilStopped(findChanged(source, look as SecondLook), abort),
      compareAgain: request =>
        untilStopped(compareDirectory(comparedAgain, request as CompareRequest), abort),
      digest: request =>
        untilStopped(digestFiles(sideOf(request as DigestRequest), request as DigestRequest), abort),
      apply: task => applyChanges(applyContext((task as ApplyTask).place), (task as ApplyTask).batch),
      flush: task => flushReplica(applyContext((task as FlushTask).place), (task as FlushTask).batch),
      finish: task => finishDirectories(applyContext((task as FinishTask).place), (task as FinishTask).batch),
    },
    close: () => {
      source.held.close()
      replica?.held.close()
      linkedTo?.close()
      staging?.close()
      recorder?.close()
    },
    ...(rate === undefined ? {} : { restMs: () => rate.restMs }),
  }
}

interface Sharing {
  readonly reads: (tree: Tree) => Tree
  readonly lists: NonNullable<CompareContext['listsSource']>
}

/** The caller's thread does not sleep: whom it waits for may be itself. */
function shareWith(shared: SharedArrayBuffer, thread: number): Sharing {
  const memory = new SharedMemory(shared, thread > 0)
  return { reads: tree => sharingReads(tree, memory), lists: sharingLists(memory) }
}

interface Held {
  readonly tree: Tree
  readonly held: HeldDirectories
}

/** Opens trees, wrapped by a module that is named rather than passed, so that it reaches every thread. */
async function treeOpener(
  decorator: DecoratorSpec | undefined,
): Promise<(spec: TreeSpec, shared?: (tree: Tree) => Tree) => Held> {
  const decorate =
    decorator === undefined ? undefined : ((await import(decorator.module)) as TreeDecorator).decorate
  return (spec, shared = tree => tree) => {
    const local = openTree(spec)
    const tree = shared(decorate === undefined ? local : decorate(local, decorator?.data))
    return { tree, held: new HeldDirectories(tree) }
  }
}
