/** Gives what was made, or is there, the attributes of its source: extended ones are the source's of this moment. */
import type { Entry } from '../model/entry.js'
import { meaningOf } from '../model/errno.js'
import { type Attributes, dress, type Unset } from '../tree/attributes.js'
import { escapeName } from '../tree/names.js'
import type { Handle } from '../tree/tree.js'
import { type XattrChange, type Xattrs, xattrChanges } from '../tree/xattrs.js'
import type { ApplyContext } from './context.js'
import { ChangeFailure } from './failure.js'

/** The extended attributes of both sides; undefined where they are not looked at. */
export interface XattrPair {
  readonly source: Xattrs
  readonly replica: Xattrs
}

const nothing: readonly XattrChange[] = []

/** @returns what the replica refused, when everything else is as it should be */
export function dressAs(
  { can }: Pick<ApplyContext, 'can'>,
  handle: Handle,
  current: Entry,
  wanted: Attributes,
  xattrs: XattrPair | undefined,
): ChangeFailure | undefined {
  const changes = xattrs === undefined ? nothing : xattrChanges(xattrs.source, xattrs.replica, can.xattrs)
  const unset = dress(handle, current, wanted, changes)
  return unset === undefined ? undefined : refused(unset)
}

function refused({ name, error }: Unset): ChangeFailure {
  const message = `cannot be given the extended attribute "${escapeName(name)}": ${meaningOf(error)}`
  return new ChangeFailure('replica', 'refused', message, error)
}
