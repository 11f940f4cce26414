/** The real library, with faults planted in its trees. */
import { checkFolders, SyncError, type SyncOptions } from '@facsimile/core'
import { SyncError as BuiltError, syncWith } from '../../../../test/support/core.mjs'
import { type Fault, faulty } from '../../../../test/support/faulty.js'
import type { Core } from '../../src/run-once.js'
import { noPlans } from './fake-core.js'

export function coreWith(faults: readonly Fault[]): Core {
  const planted = faulty(faults)
  const syncFolders = async (options: SyncOptions): ReturnType<typeof syncWith> => {
    try {
      return await syncWith({ ...options, concurrency: 1 }, planted.internals)
    } catch (error) {
      // The published library has a class of its own.
      if (!(error instanceof BuiltError)) throw error
      const { code, exitCode, message, cause, report } = error
      throw new SyncError(code, exitCode, message, { cause, report })
    }
  }
  return { ...noPlans, syncFolders: syncFolders as Core['syncFolders'], checkFolders }
}
