/** What the jobs of a run are told, as plain data. */
import { livingStagings } from './apply/living-stagings.js'
import type { JobSetup } from './thread-setup.js'
import type { Name } from './model/path.js'
import type { AbortFlag } from './run/abort-flag.js'
import type { Settings } from './settings.js'
import type { Capabilities } from './tree/capabilities.js'
import { includesAll } from './walk/include.js'
import { flushWayOf } from './tree/flush-way.js'
import { mountsBelow } from './tree/mounts.js'
import type { OpenedRoot } from './tree/local.js'
import { identifyOwnFiles } from './tree/roots.js'
import type { Roots } from './tree/roots.js'
import { lacksXattrs } from './tree/xattrs.js'
import type { Internals } from './internals.js'

export function jobSetup(
  settings: Settings,
  { decorator, flush, together }: Internals,
  roots: Roots,
  can: Capabilities,
  flag: AbortFlag,
): Omit<JobSetup, 'contents'> {
  const { hasher, compare } = settings
  const hash = typeof hasher === 'string' ? hasher : undefined
  const needsCaller =
    typeof compare === 'function'
      ? 'ask-all'
      : compare === 'content' && typeof hasher === 'object'
        ? 'ask'
        : undefined
  const everything = includesAll(settings.include)
  return {
    thread: 0,
    source: roots.source.spec,
    replica: roots.replica?.spec,
    can,
    compare: {
      content: needsCaller ?? (compare === 'content' ? 'content' : 'metadata'),
      hash: compare === 'content' ? hash : undefined,
      wantAll: settings.filter !== undefined || !everything,
      deleteExcluded: settings.deleteExcluded,
      oneFileSystem: settings.oneFileSystem,
      links: settings.links,
      limits: settings.limits,
      copiesTell: !settings.dryRun && !lacksXattrs(can.xattrs),
    },
    apply: {
      hash,
      verify: settings.verify,
      sparse: can.holes === 'held',
      flush: settings.durable ? (flush ?? flushWayOf(roots.nearest)) : undefined,
    },
    keepsOld: settings.backupDir !== undefined,
    exclude: settings.exclude,
    rules: settings.rules,
    ignoreFile: settings.ignoreFile as Name | undefined,
    roots: {
      sourceDevice: roots.source.entry.device,
      replicaDevice: roots.nearest.entry.device,
      sourceIdentity: identityOf(roots.source),
      replicaIdentity: identityOf(roots.nearest),
      ownFiles: identifyOwnFiles(settings.ownFiles, roots.replica),
      livingStagings: livingStagings(),
      goesOnWith: settings.partial ? can.rights.uid : undefined,
      replicaMounts: roots.replica === undefined ? [] : mountsBelow(settings.replica, roots.mounts),
    },
    abort: flag.shared,
    rate:
      settings.bwlimit === undefined
        ? undefined
        : { bytesPerSecond: settings.bwlimit, shared: new SharedArrayBuffer(8) },
    shared: together?.memory,
    decorator,
  }
}

function identityOf({ entry }: OpenedRoot): string {
  return `${entry.device}:${entry.inode}`
}
