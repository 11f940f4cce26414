/**
 * Tells outcomes in plan order, whichever chunk is settled first. One telling at a time; the first that fails
 * ends them all.
 */
export class OrderedTelling {
  private readonly tellings = new Map<number, () => Promise<void>>()
  private next = 0
  private turn: Promise<void> = Promise.resolve()
  private failure: { readonly error: unknown } | undefined

  /** How many are waiting for an earlier one. */
  get length(): number {
    return this.tellings.size
  }

  get hasFailed(): boolean {
    return this.failure !== undefined
  }

  /** Adds what is to be told of a chunk, and tells what is due. */
  add(index: number, tell: () => Promise<void>): void {
    this.tellings.set(index, tell)
    this.turn = this.turn.then(async () => await this.tellDue())
  }

  /** Resolves when all that is due has been told. */
  async told(): Promise<void> {
    await this.turn
  }

  /** Tells the rest, though an earlier chunk was never run; throws what a telling threw. */
  async tellAll(): Promise<void> {
    await this.turn
    for (const index of [...this.tellings.keys()].sort((a, b) => a - b)) await this.tellOne(index)
    if (this.failure !== undefined) throw this.failure.error
  }

  private async tellDue(): Promise<void> {
    while (this.tellings.has(this.next)) {
      await this.tellOne(this.next)
      this.next += 1
    }
  }

  private async tellOne(index: number): Promise<void> {
    const tell = this.tellings.get(index)
    this.tellings.delete(index)
    if (this.failure !== undefined) return
    try {
      await tell?.()
    } catch (error) {
      this.failure = { error }
    }
  }
}
