import type { Name } from '../model/path.js'

/** Those of the runs of this process: its number alone does not tell an earlier run, which may have failed to clear. */
export const living: Set<Name> = new Set()

/** The staging directories of runs in this process that have not ended. */
export function livingStagings(): readonly Name[] {
  return [...living]
}
