/**
 * Notices that events may have been lost. The system keeps so many for who does not come to read them, and drops the rest
 * without a word that Node would pass on. Node reads all that is kept in one turn: so a turn that brings nearly as many as
 * are kept at most may have come too late.
 */
export class Bursts {
  private readonly most: number
  private readonly nextTurn: (step: () => void) => void
  private count = 0

  constructor(longestQueue: number, nextTurn: (step: () => void) => void) {
    // What was dropped before it is told, such as of directories that are gone, is not counted here.
    this.most = Math.max(1, Math.floor(longestQueue / 2))
    this.nextTurn = nextTurn
  }

  /** Notes one event: whether events may have been lost before it. */
  note(): boolean {
    if (this.count === 0) this.nextTurn(() => (this.count = 0))
    this.count += 1
    return this.count >= this.most
  }
}
