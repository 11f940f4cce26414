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
  /** A device that was just made on NTFS through FUSE is found changed when the next run is to delete it. */
  ntfsDevices: false,
} as const satisfies Readonly<Record<string, boolean>>
