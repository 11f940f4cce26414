/** The options for several replicas, as the settings of a run for each. */
import { givenOptions } from './given-options.js'
import type { ManySyncOptions, ReplicaEvents } from './many-options.js'
import { SyncError } from './model/errors.js'
import type { SyncEvents } from './model/events.js'
import { show } from './model/show.js'
import { listOption } from './option-values.js'
import type { SyncOptions } from './options.js'
import { pathOption } from './path-option.js'
import { conflict, refuse } from './refusals.js'
import { askedOnce } from './run/asked-once.js'
import { optionNames } from './settings-from.js'
import type { Settings } from './settings.js'

export interface ReplicaSettings {
  /** As it was given. */
  readonly replica: string
  readonly settings: Settings
}

const mostReplicas = 64

/** Throws a `SyncError` for what is wrong with them. `stop` ends all of them. */
export function replicaSettings(
  given: ManySyncOptions,
  settingsOf: (options: SyncOptions) => Settings,
  stop: AbortSignal,
): readonly ReplicaSettings[] {
  for (const key of Object.keys(given)) {
    if (key !== 'replicas' && !optionNames.has(key))
      throw new SyncError('invalid-options', 2, `option ${show(key)} is not known`)
  }
  const options = givenOptions<ManySyncOptions & { readonly replica?: unknown }>(given, [
    ...optionNames,
    'replicas',
  ])
  const { replicas, replica: alone, ...others } = options
  if (alone !== undefined) throw conflict('replica', 'replicas')
  const paths = replicasOption(replicas)
  const isAuto = (others.concurrency ?? 'auto') === 'auto'
  const filter = typeof others.filter === 'function' ? askedOnce(others.filter, paths.length) : others.filter
  return paths.map(replica => {
    // Events are checked like those of one replica, which they differ from by what they are told besides.
    const single = { ...others, ...(filter === undefined ? {} : { filter }), replica } as SyncOptions
    const settings = settingsOf(single)
    const signal = settings.signal === undefined ? stop : AbortSignal.any([settings.signal, stop])
    const { first, most } = settings.concurrency
    return {
      replica,
      settings: Object.freeze({
        ...settings,
        signal,
        on: toldOf(settings.on, replica),
        // Whoever waits for one replica in the caller's thread would hold the others.
        callerHelps: false,
        concurrency: isAuto ? shareOut(first, most, paths.length) : settings.concurrency,
      }),
    }
  })
}

function replicasOption(value: unknown): readonly string[] {
  const replicas = listOption(value, 'replicas')
  if (replicas.length === 0) throw refuse('replicas', 'the path of at least one folder', replicas)
  if (replicas.length > mostReplicas)
    throw refuse('replicas', `at most ${mostReplicas} folders`, replicas.length)
  for (const replica of replicas) pathOption(replica, 'replicas')
  return replicas as readonly string[]
}

/** One thread each at least, and one more where they wait for their storage. */
function shareOut(first: number, most: number, replicas: number): Settings['concurrency'] {
  const share = Math.ceil(first / replicas)
  return { first: share, most: Math.max(share + 1, Math.floor(most / replicas)) }
}

/** The caller's functions, which hear of which replica they are told. */
function toldOf(on: SyncEvents, replica: string): SyncEvents {
  const { plan, change, outcome, progress, problem } = on as ReplicaEvents
  return {
    ...(plan === undefined ? {} : { plan: told => plan(told, replica) }),
    ...(change === undefined ? {} : { change: told => change(told, replica) }),
    ...(outcome === undefined ? {} : { outcome: told => outcome(told, replica) }),
    ...(progress === undefined ? {} : { progress: told => progress(told, replica) }),
    ...(problem === undefined ? {} : { problem: told => problem(told, replica) }),
  }
}
