/**
 * What of an entry the replica is given: what the caller wants, as far as its file system, this process and the way
 * it names entries allow.
 */
import { isDevice, type Kind } from '../model/entry.js'
import type { Preserve } from '../model/preserve.js'
import type { HeldWay } from '../model/report.js'
import type { Abilities } from './abilities.js'
import { mayDo, type ProcessRights, rightsOfProcess } from './process-rights.js'
import type { TimeHoldings } from './times.js'
import type { OwnerRights } from './tree.js'
import { type Holding, wantsXattrs, type XattrHoldings } from './xattrs.js'

export interface Capabilities {
  readonly rights: OwnerRights
  readonly owner: Holding
  readonly mode: Holding
  /** The permission bits that new entries may have where the source's are not wanted. */
  readonly newModes: number
  /** Whether modes can be set at all, wanted or not. */
  readonly takesModes: boolean
  /** Whether files may run as their owner or group, or with capabilities, as those of the source do. */
  readonly takesPrivileges: boolean
  readonly times: TimeHoldings
  readonly links: Holding
  readonly hardLinks: Holding
  readonly maxLinks: number
  /** FIFOs and sockets. */
  readonly specialFiles: Holding
  readonly devices: Holding
  /** Files keep what of them was never written. */
  readonly holes: Holding
  readonly xattrs: XattrHoldings
  /** Whether extended attributes are looked at. Plain Node cannot even see them. */
  readonly readsXattrs: boolean
  /** How the replica's file system tells names apart. */
  readonly foldsCase: boolean
  readonly foldsForms: boolean
  /** Whether new directories may be built in staging, with all they hold, and moved into place. */
  readonly movesBuiltDirectories: boolean
  /** Whether times have to be set once more when a file has been closed. */
  readonly datesAgain: boolean
}

export function capabilitiesOf(
  way: HeldWay,
  rights: OwnerRights,
  preserve: Preserve,
  abilities: Abilities,
  processRights: ProcessRights = rightsOfProcess(),
): Capabilities {
  const native = way === 'libc'
  const xattrs = xattrHoldings(native, preserve, abilities, processRights)
  return {
    rights,
    owner: holding(preserve.owner, abilities.owners),
    mode: holding(preserve.mode, abilities.modes),
    newModes: 0o777 & ~process.umask(),
    takesModes: abilities.modes,
    takesPrivileges: preserve.suid,
    times: {
      isWanted: preserve.times,
      nanoseconds: native,
      stepNs: abilities.timeStepNs,
      earlyStepNs: abilities.earlyStepNs,
      earliestNs: abilities.earliestNs,
      latestNs: abilities.latestNs,
    },
    links: holding(preserve.links, abilities.symbolicLinks),
    hardLinks: holding(preserve.hardLinks, abilities.hardLinks),
    maxLinks: abilities.maxLinks,
    specialFiles: holding(preserve.specials, native && abilities.specialFiles),
    devices: holding(
      preserve.devices,
      native && abilities.specialFiles && mayDo('makesDevices', processRights),
    ),
    holes: holding(preserve.sparse, abilities.holes),
    xattrs,
    readsXattrs: native && wantsXattrs(xattrs),
    foldsCase: abilities.foldsCase,
    foldsForms: abilities.foldsForms,
    movesBuiltDirectories: abilities.movesFullDirectories && abilities.keepsTimesOfOpenFiles,
    datesAgain: preserve.times && !abilities.keepsTimesOfOpenFiles,
  }
}

function xattrHoldings(
  native: boolean,
  preserve: Preserve,
  abilities: Abilities,
  processRights: ProcessRights,
): XattrHoldings {
  const asAdministrator = native && mayDo('administrator', processRights)
  return {
    user: holding(preserve.xattrs, native && abilities.userXattrs),
    trusted: holding(preserve.xattrs, asAdministrator && abilities.trustedXattrs),
    security: holding(preserve.xattrs, asAdministrator && abilities.securityXattrs),
    // A list is the mode in more words.
    acls: holding(preserve.acls && preserve.mode, native && abilities.acls),
    takesCapabilities: preserve.suid,
  }
}

function holding(isWanted: boolean, isPossible: boolean): Holding {
  if (!isWanted) return 'unwanted'
  return isPossible ? 'held' : 'unheld'
}

/** Whether entries of a kind are created. */
export function holdingOfKind(can: Capabilities, kind: Kind): Holding {
  if (isDevice(kind)) return can.devices
  if (kind === 'fifo' || kind === 'socket') return can.specialFiles
  return kind === 'symlink' ? can.links : 'held'
}
