/** Which rows of a plan become further names of what another row has. */
export interface PlannedLinks {
  /** The row each of them is linked to. */
  readonly to: ReadonlyMap<number, number>
  /** How many rows are linked to a row. */
  readonly names: ReadonlyMap<number, number>
}

export const noLinks: PlannedLinks = { to: new Map(), names: new Map() }
