/** What the walk is told: the settings, the executor's eyes, and the caller's own judgements. */
import { inspect } from 'node:util'
import { FileDigests } from './file-digests.js'
import { SyncError } from './model/errors.js'
import type { ComparedDirectory } from './model/jobs.js'
import { judge, type Verdict } from './compare/compare.js'
import { compareXattrs, withXattrs } from './compare/compare-xattrs.js'
import { openTree } from './tree/open-tree.js'
import { timeStepOf } from './tree/times.js'
import type { RelativePath } from './model/path.js'
import { renamesDirectories } from './renames-directories.js'
import type { Session } from './session.js'
import { includeGlobs } from './walk/include.js'
import type { WalkInput } from './walk/walk-input.js'

/** Directories under way for each job that can run: enough to fill messages, few enough to be remembered. */
const directoriesPerJob = 64

export function walkInputOf(session: Session): WalkInput {
  const { settings, roots, executor, hooks, progress, contents } = session
  const { filter } = settings
  const source = roots.source.entry
  const replica = roots.replica?.entry
  return {
    source,
    replica,
    rootVerdict: judgeRoots(session),
    include: includeGlobs(settings.include),
    listed: settings.files,
    watching: session.watching,
    concurrency: executor.width * directoriesPerJob,
    compare: async request => {
      const asked = contents?.asked(request) ?? request
      const compared = (await executor.run('compare', asked)) as ComparedDirectory
      contents?.answered(request, compared)
      return compared
    },
    compareNames: async slice => {
      const compared = (await executor.run('compareNames', slice)) as ComparedDirectory
      contents?.answered(slice, compared)
      return compared
    },
    // Undefined once the run is stopped, and then nothing changes any more.
    filter:
      filter === undefined
        ? undefined
        : entry => hooks.guard(() => demandBoolean('filter', filter(entry), entry.path)) !== false,
    deleteExcluded: settings.deleteExcluded,
    renames: renamesDirectories(settings),
    trustsRenamed: true,
    timeStepNs: timeStepOf(session.can.times),
    replicaMounts: session.replicaMounts,
    isSameContent: contentJudge(session),
    signal: session.signal,
    onProblem: session.problem,
    onCompared: entries => progress.add(entries, 0),
  }
}

function judgeRoots({ roots, can }: Session): Verdict {
  const source = roots.source.entry
  const replica = roots.replica?.entry
  const verdict = judge(source, replica, can, true)
  if (!can.readsXattrs) return verdict
  const there = roots.replica === undefined ? undefined : openTree(roots.replica.spec).root.xattrs()
  const bits = compareXattrs(openTree(roots.source.spec).root.xattrs(), there, can.xattrs)
  return withXattrs(verdict, bits, replica, can)
}

function contentJudge(session: Session): WalkInput['isSameContent'] {
  const { settings, roots, hooks } = session
  const { compare, hasher } = settings
  if (typeof compare === 'function') {
    return async (source, replica, path) =>
      (await hooks.settle(async () =>
        demandBoolean('compare', await compare(source, replica, path), path),
      )) !== false
  }
  const { replica } = roots
  if (compare !== 'content' || typeof hasher !== 'object' || replica === undefined) return undefined
  const inSource = new FileDigests(roots.source.spec, hasher, session)
  const inReplica = new FileDigests(replica.spec, hasher, session)
  return async (_source, _replica, path) => {
    const [a, b] = await Promise.all([inSource.of(path), inReplica.of(path)])
    // Unreadable on both sides is not equal: the copy will tell what is wrong.
    return a !== undefined && a === b
  }
}

/** What these functions decide can cost data, so an answer that is neither yes nor no is not guessed at. */
function demandBoolean(option: 'filter' | 'compare', answer: unknown, path: RelativePath): boolean {
  if (typeof answer === 'boolean') return answer
  // Nobody waits for it any more: that it fails must not end the caller's process.
  if (answer instanceof Promise) answer.catch(() => undefined)
  const found = answer instanceof Promise ? 'a promise' : inspect(answer, { depth: 0 })
  throw new SyncError(
    'invalid-options',
    2,
    `option "${option}": expected a function that returns true or false; found that it returned ${found} for ${JSON.stringify(path)}`,
  )
}
