/** What the walk is told: the settings, the executor's eyes, and the caller's own judgements. */
import { FileDigests } from './file-digests.js'
import type { ComparedDirectory } from './model/jobs.js'
import { judge } from './compare/compare.js'
import type { Session } from './session.js'
import { includeGlobs } from './walk/include.js'
import type { WalkInput } from './walk/walk-input.js'

/** Directories under way for each job that can run: enough to fill messages, few enough to be remembered. */
const directoriesPerJob = 64

export function walkInputOf(session: Session): WalkInput {
  const { settings, roots, executor, hooks, progress } = session
  const { filter } = settings
  const source = roots.source.entry
  const replica = roots.replica?.entry
  return {
    source,
    replica,
    rootVerdict: judge(source, replica, session.can, true),
    include: includeGlobs(settings.include),
    concurrency: executor.width * directoriesPerJob,
    compare: async request => (await executor.run('compare', request)) as ComparedDirectory,
    filter: filter === undefined ? undefined : entry => hooks.guard(() => filter(entry)) !== false,
    deleteExcluded: settings.deleteExcluded,
    isSameContent: contentJudge(session),
    signal: session.signal,
    onProblem: session.problem,
    onCompared: entries => progress.add(entries, 0),
  }
}

function contentJudge({ settings, roots, hooks }: Session): WalkInput['isSameContent'] {
  const { compare, hasher } = settings
  if (typeof compare === 'function') {
    return async (source, replica, path) =>
      (await hooks.settle(() => compare(source, replica, path))) !== false
  }
  const { replica } = roots
  if (compare !== 'content' || typeof hasher !== 'object' || replica === undefined) return undefined
  const inSource = new FileDigests(roots.source.spec, hasher, hooks)
  const inReplica = new FileDigests(replica.spec, hasher, hooks)
  return async (_source, _replica, path) => {
    const [a, b] = await Promise.all([inSource.of(path), inReplica.of(path)])
    // Unreadable on both sides is not equal: the copy will tell what is wrong.
    return a !== undefined && a === b
  }
}
