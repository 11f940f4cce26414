/** Finds rows by a number made from what they hold: eight bytes a row, for there may be very many. */
const none = -1

export class RowIndex {
  private readonly heads: Int32Array
  /** The place that was filled before with the same number, by place. */
  private readonly before: Int32Array
  private readonly rows: Int32Array
  private used = 0

  /** @param most how many rows will be added */
  constructor(most: number) {
    this.heads = new Int32Array(1 << Math.max(4, 32 - Math.clz32(most))).fill(none)
    this.before = new Int32Array(most)
    this.rows = new Int32Array(most)
  }

  get isEmpty(): boolean {
    return this.used === 0
  }

  add(number: number, row: number): void {
    const slot = this.slotOf(number)
    this.before[this.used] = this.heads[slot] ?? none
    this.rows[this.used] = row
    this.heads[slot] = this.used
    this.used += 1
  }

  /** The rows that were added with the number, and some others; the last first. */
  *find(number: number): Generator<number> {
    for (
      let place = this.heads[this.slotOf(number)] ?? none;
      place !== none;
      place = this.before[place] ?? none
    )
      yield this.rows[place] ?? 0
  }

  private slotOf(number: number): number {
    // Numbers that differ little are spread all over.
    return (Math.imul(number, 0x9e3779b1) >>> 0) & (this.heads.length - 1)
  }
}

/** A number for a size and a time. */
export function numberOf(size: number, timeNs: bigint): number {
  return (Number(BigInt.asIntN(32, timeNs ^ (timeNs >> 32n))) ^ Math.trunc(size / 2 ** 32) ^ size) | 0
}

/** The same, with a name. */
export function numberOfNamed(name: string, size: number, timeNs: bigint): number {
  let number = numberOf(size, timeNs)
  for (let at = 0; at < name.length; at++) number = (Math.imul(number, 31) + name.charCodeAt(at)) | 0
  return number
}
