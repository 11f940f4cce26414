/** Has all that a run wrote reach the storage: before anything is deleted, and before the run counts as done. */
import { NodePaths } from '../model/node-paths.js'
import { isWithin, type RelativePath } from '../model/path.js'
import type { Execution } from './execution.js'
import type { Ledger } from './ledger.js'

export async function flushTouched({ flush, onProblem }: Execution, ledger: Ledger): Promise<void> {
  if (flush === undefined || ledger.isStopped) return
  const { problem } = await flush.run({ directories: directoriesToFlush(flush, ledger) })
  if (problem === undefined) return
  ledger.isStopped = true
  onProblem(problem)
}

/** Each directory that was written to; or, where a whole file system is flushed at once, the mounted ones among them. */
function directoriesToFlush(
  { way, mounts }: NonNullable<Execution['flush']>,
  { touched, removed }: Ledger,
): readonly RelativePath[] {
  if (way === 'whole' && mounts.length === 0) return []
  const paths = new NodePaths()
  const written = [...touched].filter(node => !removed.has(node)).map(node => paths.of(node))
  return way === 'each' ? written : mounts.filter(mount => written.some(path => isWithin(path, mount)))
}
