/**
 * What the library keeps by now. The proofs of a part are switched on here when the part is there, and this file goes
 * when all of them are.
 */
export const landed = {
  hardLinks: true,
  /** Extended attributes and access control lists. */
  attributes: false,
  holes: false,
} as const satisfies Readonly<Record<string, boolean>>
