/**
 * The verdict on two entries of one path, from what is known of them without reading content. Pure.
 */
import { type Action, reasonBit } from '../model/change.js'
import type { Entry } from '../model/entry.js'
import type { ResidualAttribute } from '../model/report.js'
import { attainable, type Attributes } from '../tree/attributes.js'
import { canCreate, type Capabilities } from '../tree/capabilities.js'
import { isSameTime, isSettable } from '../tree/times.js'
import type { OwnerRights } from '../tree/tree.js'

export interface Verdict {
  /** Undefined when nothing is to be done. */
  readonly action: Action | undefined
  readonly reasonBits: number
  /** Equal as far as this goes; content, or a link's target, is still to be compared. */
  readonly contentOpen: boolean
  /** What the replica cannot be given. */
  readonly residuals: readonly ResidualAttribute[]
}

const nothing: readonly ResidualAttribute[] = []
const specialFile: Verdict = {
  action: undefined,
  reasonBits: 0,
  contentOpen: false,
  residuals: ['special files'],
}
const extraneous: Verdict = {
  action: 'delete',
  reasonBits: reasonBit('extraneous'),
  contentOpen: false,
  residuals: nothing,
}

const newBit = reasonBit('new')
const kindBit = reasonBit('kind')
const sizeBit = reasonBit('size')
const mtimeBit = reasonBit('mtime')
const modeBit = reasonBit('mode')
const ownerBit = reasonBit('owner')
const groupBit = reasonBit('group')
const deviceBit = reasonBit('device')

/**
 * Judges a pair of which at least one side is there.
 *
 * @param trustMtime whether equal size and time mean equal content
 * @param can what the replica can be given; what it cannot is a residual
 */
export function judge(
  source: Entry | undefined,
  replica: Entry | undefined,
  can: Capabilities,
  trustMtime: boolean,
): Verdict {
  if (source === undefined) return extraneous
  if (!canCreate(can, source.kind)) return specialFile
  const { rights, nanoseconds } = can
  const wanted = attainable(source, replica, rights)
  const residuals = residualsOf(source, replica, wanted, nanoseconds)
  if (replica === undefined) return { action: 'create', reasonBits: newBit, contentOpen: false, residuals }
  if (source.kind !== replica.kind)
    return { action: 'replace', reasonBits: kindBit, contentOpen: false, residuals }
  // Times that agree as far as plain Node sets them never mean a copy.
  const fineBits = nanoseconds && source.mtimeNs !== replica.mtimeNs ? mtimeBit : 0
  const attributeBits = attributeDifferences(source, replica, wanted)
  if ((attributeBits | fineBits) !== 0 && source.kind === 'directory' && isForeign(replica, rights)) {
    // A file of another user can be made anew; a directory cannot, and its owner alone may change it.
    return {
      action: undefined,
      reasonBits: 0,
      contentOpen: false,
      residuals: [...residuals, 'foreign directories'],
    }
  }
  if (source.kind === 'file') {
    if (source.size !== replica.size) {
      return { action: 'update', reasonBits: attributeBits | sizeBit, contentOpen: false, residuals }
    }
    if (trustMtime && (attributeBits & mtimeBit) !== 0) {
      return { action: 'update', reasonBits: attributeBits, contentOpen: false, residuals }
    }
  }
  if (source.deviceNumber !== replica.deviceNumber) {
    return {
      action: 'update',
      reasonBits: attributeBits | fineBits | deviceBit,
      contentOpen: false,
      residuals,
    }
  }
  return {
    action: (attributeBits | fineBits) === 0 ? undefined : 'metadata',
    reasonBits: attributeBits | fineBits,
    contentOpen: source.kind === 'symlink' || (source.kind === 'file' && !trustMtime),
    residuals,
  }
}

function isForeign(replica: Entry, rights: OwnerRights): boolean {
  return !rights.anyOwner && replica.uid !== rights.uid
}

function attributeDifferences(source: Entry, replica: Entry, wanted: Attributes): number {
  return (
    (isSameTime(source.mtimeNs, replica.mtimeNs) ? 0 : mtimeBit) |
    // A symbolic link has no mode of its own.
    (source.kind === 'symlink' || wanted.mode === replica.mode ? 0 : modeBit) |
    (wanted.uid === replica.uid ? 0 : ownerBit) |
    (wanted.gid === replica.gid ? 0 : groupBit)
  )
}

function residualsOf(
  source: Entry,
  replica: Entry | undefined,
  wanted: Attributes,
  nanoseconds: boolean,
): readonly ResidualAttribute[] {
  const sameTime = replica !== undefined && source.mtimeNs === replica.mtimeNs
  const finerThanHeld = !nanoseconds && !sameTime && !isSettable(source.mtimeNs)
  const several = source.links > 1 && source.kind !== 'directory'
  if (!finerThanHeld && !several && wanted.isExact) return nothing
  const residuals: ResidualAttribute[] = []
  if (finerThanHeld) residuals.push('nanoseconds')
  if (several) residuals.push('hard links')
  if (wanted.uid !== source.uid) residuals.push('owner')
  if (wanted.gid !== source.gid) residuals.push('group')
  if (wanted.mode !== source.mode) residuals.push('setuid and setgid')
  return residuals
}
