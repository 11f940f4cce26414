/** Has all that a run wrote reach the storage: before anything is deleted, and before the run counts as done. */
import { NodePaths } from '../model/node-paths.js'
import type { RelativePath } from '../model/path.js'
import type { Execution } from './execution.js'
import type { Ledger } from './ledger.js'

export async function flushTouched({ flush, onProblem }: Execution, ledger: Ledger): Promise<void> {
  if (flush === undefined || ledger.isStopped) return
  const { problem } = await flush.run({ directories: directoriesToFlush(flush, ledger) })
  if (problem === undefined) return
  ledger.isStopped = true
  onProblem(problem)
}

/** Each directory that was written to; or, where whole file systems are flushed at once, all that are mounted. */
function directoriesToFlush(
  { way, mounts }: NonNullable<Execution['flush']>,
  { touched, removed }: Ledger,
): readonly RelativePath[] {
  // Those too that this run did not write to: it promises for what earlier ones left to the system.
  if (way === 'whole') return mounts
  const paths = new NodePaths()
  return [...touched].filter(node => !removed.has(node)).map(node => paths.of(node))
}
