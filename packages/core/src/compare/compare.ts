/**
 * The verdict on two entries of one path, from what is known of them without reading content. Pure.
 */
import { type Action, anewBit, reasonBit } from '../model/change.js'
import type { Entry } from '../model/entry.js'
import type { ResidualAttribute } from '../model/report.js'
import { attainable, type Attributes, gainsPrivilege, wantedMode } from '../tree/attributes.js'
import { type Capabilities, holdingOfKind } from '../tree/capabilities.js'
import { isTimeHeld, timeDifference, withinRange } from '../tree/times.js'

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
const leftAlone = { action: undefined, reasonBits: 0, contentOpen: false } as const
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
  if (holdingOfKind(can, source.kind) !== 'held') return notCreated(source, can)
  const wanted = attainable(source, replica, can)
  const residuals = residualsOf(source, replica, wanted, can)
  if (replica === undefined) return { action: 'create', reasonBits: newBit, contentOpen: false, residuals }
  if (source.kind !== replica.kind)
    return { action: 'replace', reasonBits: kindBit, contentOpen: false, residuals }
  const time = timeDifference(source.mtimeNs, replica.mtimeNs, can.times)
  const fineBits = time === 'fine' ? mtimeBit : 0
  const isAnew = gainsPrivilege(replica, wanted)
  const attributeBits =
    attributeDifferences(source, replica, wanted) | (time === 'real' ? mtimeBit : 0) | (isAnew ? anewBit : 0)
  if ((attributeBits | fineBits) !== 0 && isForeignDirectory(replica, can)) {
    // A file of another user can be made anew; a directory cannot, and its owner alone may change it.
    return {
      action: undefined,
      reasonBits: 0,
      contentOpen: false,
      residuals: [...residuals, 'foreign directories'],
    }
  }
  if (source.kind === 'file' && source.size !== replica.size) {
    return { action: 'update', reasonBits: attributeBits | sizeBit, contentOpen: false, residuals }
  }
  if (source.deviceNumber !== replica.deviceNumber) {
    return {
      action: 'update',
      reasonBits: attributeBits | fineBits | deviceBit,
      contentOpen: false,
      residuals,
    }
  }
  if (isAnew) return { action: 'update', reasonBits: attributeBits | fineBits, contentOpen: false, residuals }
  // Another time is a doubt, not a difference: a file that was only touched is not copied (decision 016).
  const isDoubted = !trustMtime || (attributeBits & mtimeBit) !== 0
  return {
    action: (attributeBits | fineBits) === 0 ? undefined : 'metadata',
    reasonBits: attributeBits | fineBits,
    contentOpen: source.kind === 'symlink' || (source.kind === 'file' && isDoubted),
    residuals,
  }
}

/** What is left out of the replica: whatever that has at the name stays. */
function notCreated({ kind }: Entry, can: Capabilities): Verdict {
  if (holdingOfKind(can, kind) === 'unwanted') return { ...leftAlone, residuals: nothing }
  return { ...leftAlone, residuals: [kind === 'symlink' ? 'symbolic links' : 'special files'] }
}

/** A directory whose attributes only another user can set. */
export function isForeignDirectory({ kind, uid }: Entry, { rights }: Capabilities): boolean {
  return kind === 'directory' && !rights.anyOwner && uid !== rights.uid
}

function attributeDifferences(source: Entry, replica: Entry, wanted: Attributes): number {
  return (
    // A symbolic link has no mode of its own.
    (source.kind === 'symlink' || isAsWanted(wanted.mode, replica.mode) ? 0 : modeBit) |
    (isAsWanted(wanted.uid, replica.uid) ? 0 : ownerBit) |
    (isAsWanted(wanted.gid, replica.gid) ? 0 : groupBit)
  )
}

function isAsWanted(wanted: number | undefined, found: number): boolean {
  return wanted === undefined || wanted === found
}

/** The last block of a file may lie with others, or in its inode: less than this is no hole. */
const leastHole = 1 << 16

function hasHoles({ kind, size, allocated }: Entry): boolean {
  return kind === 'file' && size - allocated >= leastHole
}

function residualsOf(
  source: Entry,
  replica: Entry | undefined,
  wanted: Attributes,
  can: Capabilities,
): readonly ResidualAttribute[] {
  const sameTime = !can.times.isWanted || source.mtimeNs === replica?.mtimeNs
  const timeIsHeld = sameTime || isTimeHeld(source.mtimeNs, can.times)
  const losesHoles = can.holes === 'unheld' && hasHoles(source)
  if (timeIsHeld && !losesHoles && wanted.isExact) return nothing
  const residuals: ResidualAttribute[] = []
  if (losesHoles) residuals.push('holes')
  if (!timeIsHeld) {
    const isOut = withinRange(source.mtimeNs, can.times) !== source.mtimeNs
    residuals.push(isOut ? 'times out of range' : 'nanoseconds')
  }
  const { uid = replica?.uid, gid = replica?.gid, mode = replica?.mode } = wanted
  if (can.owner !== 'unwanted') {
    if (uid !== source.uid) residuals.push('owner')
    if (gid !== source.gid) residuals.push('group')
  }
  if (can.mode !== 'unwanted' && mode !== wantedMode(source, can) && source.kind !== 'symlink') {
    residuals.push(can.mode === 'held' ? 'setuid and setgid' : 'mode')
  }
  return residuals
}
