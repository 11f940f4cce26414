/**
 * What the library keeps by now. The proofs of a part are switched on here when the part is there, and this file goes
 * when all of them are.
 */
export const landed = {
  hardLinks: true,
  /** Extended attributes and access control lists. */
  attributes: true,
  /** `trusted.SGI_ACL_*`, what XFS shows root of access control lists, is no attribute of its own. */
  xfsAliases: true,
  /**
   * NTFS through FUSE as a replica: it cuts times before 1970 off towards zero, shows a device as changed when it is to be
   * deleted, and has no targets of links that are no UTF-8.
   */
  ntfs: false,
} as const satisfies Readonly<Record<string, boolean>>
