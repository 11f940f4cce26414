import type { Entry, Kind } from './entry.js'
import type { RelativePath } from './path.js'

/**
 * What is done to one path of the replica. The order is the code used in columns.
 *
 * - `create`: nothing is there yet
 * - `update`: same kind, other content (a file's bytes, a link's target); or a file that runs as somebody else, which is
 *   never repaired in place
 * - `metadata`: same content; mode, owner, group, times or extended attributes are repaired in place
 * - `replace`: another kind is there
 * - `rename`, `link`: the content is there already, under another name
 * - `delete`: the source has nothing there
 */
export const actions = ['create', 'update', 'metadata', 'replace', 'rename', 'link', 'delete'] as const

export type Action = (typeof actions)[number]

/** Why a change is planned, one bit each, so that reasons travel as a number ({@link reasonBit}). */
export const reasons = [
  'new',
  'extraneous',
  'kind',
  'size',
  'content',
  'target',
  'mtime',
  'mode',
  'owner',
  'group',
  'device',
  'xattrs',
  'acls',
  'links',
] as const

export type Reason = (typeof reasons)[number]

/** The bit of a reason in a set of reasons. */
export function reasonBit(reason: Reason): number {
  return 1 << reasons.indexOf(reason)
}

/** The reasons that are met by setting attributes, without writing content. */
export const attributeReasons: number = (['mtime', 'mode', 'owner', 'group', 'xattrs', 'acls'] as const)
  .map(reasonBit)
  .reduce((bits, bit) => bits | bit)

/** These travel with the reasons of a row, and are none: the source has extended attributes that cannot be held. */
export const unheldXattrsBit: number = 1 << 24
/** Those of a directory differ that another user owns. */
export const foreignXattrsBit: number = 1 << 23

/** A file is to be given what lets it run as somebody else: it is copied anew, whoever finds its content equal. */
export const anewBit: number = 1 << 22

/** The reasons in a set, in their fixed order. */
export function reasonsOf(bits: number): readonly Reason[] {
  return reasons.filter((_, index) => (bits & (1 << index)) !== 0)
}

/** Why a planned change is not done in this run. */
const withholdings = [
  /** Something in the source could not be read, so nothing is proven absent (law L1). */
  'source not wholly read',
  /** The directory holds entries that filters protect. */
  'holds protected entries',
  /** The entry is, lies in, or holds another file system mounted in the replica. */
  'mounted file system',
  /** `delete: false`, and the change would remove what a directory holds. */
  'deletions are switched off',
  /** The directory holds entries outside the scope of the include patterns. */
  'holds entries out of scope',
  /** What appeared in the source while it was read could be this very entry, under another name. */
  'moved in the source',
  /** A plan that was made before is applied, and does not have the change, or has another one. */
  'not as planned',
] as const

export type Withholding = (typeof withholdings)[number]

/** One thing to do to the replica. */
export interface Change {
  readonly action: Action
  readonly path: RelativePath
  /** The kind that will be at the path; for `delete` the kind that is there. */
  readonly kind: Kind
  /** The path whose file, link or special file becomes that of this path too: nothing is copied. */
  readonly linkedTo: RelativePath | undefined
  /** Where the replica has what is to be at the path: it is renamed, and nothing is copied. */
  readonly renamedFrom: RelativePath | undefined
  /** What the replica holds at the path; of what is renamed, where it is renamed from. */
  readonly before: Entry | undefined
  /** What the source holds at the path. */
  readonly after: Entry | undefined
  /** Bytes of content to be written. */
  readonly bytes: number
  readonly reasons: readonly Reason[]
  /** Set when the change is shown and counted, but not done. */
  readonly withheld: Withholding | undefined
}
