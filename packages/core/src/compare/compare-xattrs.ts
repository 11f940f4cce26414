/** Compares the extended attributes of a pair, and finds those of the source that the replica cannot hold. */
import { anewBit, attributeReasons, foreignXattrsBit, reasonBit, unheldXattrsBit } from '../model/change.js'
import type { Entry, Side } from '../model/entry.js'
import { errnoOf, meaningOf } from '../model/errno.js'
import type { Name, RelativePath } from '../model/path.js'
import { type Problem, problem } from '../model/problem.js'
import type { Capabilities } from '../tree/capabilities.js'
import { escapeName } from '../tree/names.js'
import {
  capabilities,
  givesCapabilities,
  hasUnheld,
  hasUnreadable,
  isAcl,
  type XattrHoldings,
  type Xattrs,
  xattrChanges,
} from '../tree/xattrs.js'
import { isForeignDirectory, type Verdict } from './compare.js'
import type { DirectorySide } from './list-sides.js'

const xattrsBit = reasonBit('xattrs')
const aclsBit = reasonBit('acls')
/** The file is to have capabilities. Of no use beyond {@link withXattrs}. */
const capableBit = 1 << 21
const privilegeReasons = reasonBit('mode') | reasonBit('owner') | reasonBit('group')

/**
 * Reads and compares the attributes of both sides; a problem when that cannot be done.
 *
 * @param replica undefined when its attributes do not matter, for it is made anew
 */
export function readXattrBits(
  name: Name,
  path: RelativePath,
  source: DirectorySide,
  replica: DirectorySide | undefined,
  holdings: XattrHoldings,
): number | Problem {
  let side: Side = 'source'
  try {
    const wanted = source.tree.xattrs(source.directory, name)
    side = 'replica'
    return compareXattrs(wanted, replica?.tree.xattrs(replica.directory, name), holdings)
  } catch (error) {
    const where = side === 'source' ? '' : ' in the replica'
    const message = `cannot read the extended attributes of "${escapeName(path)}"${where}: ${meaningOf(error)}`
    return problem(`${side}-unreadable`, side, path, message, errnoOf(error))
  }
}

/** The reasons that differences are, and {@link unheldXattrsBit}. */
export function compareXattrs(source: Xattrs, replica: Xattrs | undefined, holdings: XattrHoldings): number {
  let bits = hasUnheld(source, holdings) ? unheldXattrsBit : 0
  if (replica === undefined || (source.size === 0 && replica.size === 0)) return bits
  if (hasUnreadable(replica, holdings)) bits |= unheldXattrsBit
  if (givesCapabilities(source, holdings)) bits |= capableBit
  for (const { name, value } of xattrChanges(source, replica, holdings)) {
    bits |= isAcl(name) ? aclsBit : xattrsBit
    if (name === capabilities && value !== undefined) bits |= anewBit
  }
  return bits
}

/** A verdict with what such bits add to it. */
export function withXattrs(
  verdict: Verdict,
  found: number,
  replica: Entry | undefined,
  can: Capabilities,
): Verdict {
  if (found === 0) return verdict
  // What is there may be anybody's bytes (see `gainsPrivilege`).
  const isAnew =
    replica?.kind === 'file' &&
    ((found & anewBit) !== 0 || ((found & capableBit) !== 0 && (verdict.reasonBits & privilegeReasons) !== 0))
  const bits = (found & ~(capableBit | anewBit)) | (isAnew ? anewBit : 0)
  const residuals = [...verdict.residuals]
  if ((bits & unheldXattrsBit) !== 0) residuals.push('extended attributes')
  const differs = (bits & attributeReasons) !== 0
  if (differs && replica !== undefined && isForeignDirectory(replica, can)) {
    const kept = verdict.reasonBits | (bits & unheldXattrsBit) | foreignXattrsBit
    return { ...verdict, reasonBits: kept, residuals: [...residuals, 'foreign directories'] }
  }
  const reasonBits = verdict.reasonBits | bits
  if (isAnew) return { action: 'update', reasonBits, contentOpen: false, residuals }
  return { ...verdict, action: verdict.action ?? (differs ? 'metadata' : undefined), reasonBits, residuals }
}
