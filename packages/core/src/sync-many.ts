/**
 * One source, several replicas: one run for each, side by side, which share what they read of the source.
 *
 * The runs are those of single replicas, so one that fails, or is slow, is none of the others' affair: each has its own
 * threads, and what it does not find among what is shared it reads for itself. What must not be at all, such as a replica
 * inside another one, is refused to all of them before any begins.
 */
import { type ReplicaSettings, replicaSettings } from './many-settings.js'
import type { ManySyncOptions } from './many-options.js'
import { errorCodeOf, type ReplicaResult, SyncError } from './model/errors.js'
import { worstExitCode } from './model/exit-code.js'
import type { ManyReport } from './model/many-report.js'
import type { Report } from './model/report.js'
import type { SyncOptions } from './options.js'
import type { Internals } from './internals.js'
import type { Settings } from './settings.js'
import type { Together } from './together.js'
import { escapeName } from './tree/names.js'
import { chooseWay } from './tree/open-tree.js'
import { overlapOf } from './tree/overlapping-roots.js'
import { makeSharedMemory } from './tree/shared-memory.js'

/** What is done with one replica. */
export interface OneRun {
  readonly settingsOf: (options: SyncOptions) => Settings
  readonly run: (settings: Settings, internals: Internals) => Promise<Report>
}

/** What only tests set, for each replica. */
export type ManyInternals = (replica: string) => Internals

/** One run for each replica. Rejects when one of them does, but only after all have ended. */
export async function runMany(
  given: ManySyncOptions,
  { settingsOf, run }: OneRun,
  internalsOf: ManyInternals = () => ({}),
): Promise<ManyReport> {
  const stop = new AbortController()
  const all = replicaSettings(given, settingsOf, stop.signal)
  const shared = { together: togetherIn(all), threadsAtOnce: true }
  let failure: { readonly error: unknown } | undefined
  const ended = await Promise.all(
    all.map(async ({ replica, settings }): Promise<ReplicaResult | undefined> => {
      try {
        const report = await run(settings, { ...internalsOf(replica), ...shared })
        return { replica, report, error: undefined }
      } catch (error) {
        if (error instanceof SyncError && error.report !== undefined)
          return { replica, report: error.report, error }
        // One of the caller's functions failed, which is the end of all.
        failure ??= { error }
        stop.abort(error)
        return undefined
      }
    }),
  )
  if (failure !== undefined) throw failure.error
  const replicas = ended.filter(result => result !== undefined)
  const exitCode = worstExitCode(replicas.map(({ report }) => report.exitCode))
  requireAll(replicas)
  return { exitCode, exact: replicas.every(({ report }) => report.exact), replicas }
}

function togetherIn(all: readonly ReplicaSettings[]): Together {
  // What one run reads alone is shared with nobody.
  const memory = all.length < 2 ? undefined : makeSharedMemory()
  return { memory, since: Date.now(), refusal: refusalOf(all) }
}

/** Before anything is begun: what one run makes could else be what another one deletes. */
function refusalOf(all: readonly ReplicaSettings[]): SyncError | undefined {
  const [first] = all
  if (first === undefined || all.length < 2) return undefined
  const { source, backupDir, stateFolder, oneFileSystem } = first.settings
  const message = overlapOf({
    source,
    replicas: all.map(({ settings }) => settings.replica),
    backupDir,
    stateFolder,
    way: chooseWay(first.settings),
    entersMounts: !oneFileSystem,
  })
  return message === undefined ? undefined : new SyncError('root-refused', 26, message)
}

function requireAll(replicas: readonly ReplicaResult[]): void {
  const failed = replicas.filter(({ error }) => error !== undefined)
  if (failed.length === 0) return
  const exitCode = worstExitCode(failed.map(({ error }) => error?.exitCode ?? 0))
  const worst = failed.find(({ error }) => error?.exitCode === exitCode)
  const { error } = worst ?? {}
  const which = `${failed.length} of ${replicas.length} replicas ended with an error, such as "${escapeName(worst?.replica ?? '')}"`
  throw new SyncError(error?.code ?? errorCodeOf(exitCode), exitCode, `${which}: ${error?.message}`, {
    cause: error,
    report: worst?.report,
    replicas,
  })
}
