/**
 * A column of 32-bit integers, one a row. It grows by whole blocks: nothing is copied when it does, there are never two
 * of it, and less than a block is empty.
 */
const blockShift = 12
const blockLength = 1 << blockShift
const inBlock = blockLength - 1

export class IntColumn {
  private readonly blocks: Int32Array[] = []
  private used = 0

  get length(): number {
    return this.used
  }

  /** Adds a number and returns its index. */
  push(value: number): number {
    const index = this.used
    let block = this.blocks[index >>> blockShift]
    if (block === undefined) this.blocks.push((block = new Int32Array(blockLength)))
    block[index & inBlock] = value
    this.used += 1
    return index
  }

  /** The number at an index; undefined where there is none. */
  at(index: number): number | undefined {
    return index < this.used ? this.blocks[index >>> blockShift]?.[index & inBlock] : undefined
  }

  /** Replaces the number at an index, which must be there. */
  set(index: number, value: number): void {
    const block = index < this.used ? this.blocks[index >>> blockShift] : undefined
    if (block === undefined) throw new RangeError(`no row ${index}`)
    block[index & inBlock] = value
  }

  /** All of them. */
  toArray(): Int32Array {
    const all = new Int32Array(this.used)
    for (const [index, block] of this.blocks.entries()) {
      const at = index << blockShift
      all.set(block.subarray(0, this.used - at), at)
    }
    return all
  }
}
