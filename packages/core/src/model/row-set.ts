/** A set of rows, one bit for each that there could be: as many removals as a plan may have fill no memory twice. */
export class RowSet {
  private readonly bits: Uint8Array

  /** @param length how many rows there are */
  constructor(length: number, rows: Iterable<number> = []) {
    this.bits = new Uint8Array((length + 7) >>> 3)
    for (const row of rows) this.add(row)
  }

  add(row: number): void {
    const at = row >>> 3
    this.bits[at] = (this.bits[at] ?? 0) | (1 << (row & 7))
  }

  has(row: number): boolean {
    return ((this.bits[row >>> 3] ?? 0) & (1 << (row & 7))) !== 0
  }
}
