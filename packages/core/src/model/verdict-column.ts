/** What is to be done to each row, why, and whether it was asked for, in one number a row. */
import { type Action, actions } from './change.js'
import { IntColumn } from './int-column.js'

const noAction = 15
const reasonShift = 4
const matchedBit = 1 << 30

export class VerdictColumn {
  private readonly verdicts = new IntColumn()

  get length(): number {
    return this.verdicts.length
  }

  /** Adds a row, which nothing matches yet, and returns its number. */
  push(action: Action | undefined, reasonBits: number): number {
    return this.verdicts.push(pack(action, reasonBits))
  }

  action(row: number): Action | undefined {
    return actions[this.at(row) & noAction]
  }

  reasonBits(row: number): number {
    return (this.at(row) & ~matchedBit) >> reasonShift
  }

  set(row: number, action: Action | undefined, reasonBits: number): void {
    this.verdicts.set(row, (this.at(row) & matchedBit) | pack(action, reasonBits))
  }

  isMatched(row: number): boolean {
    return (this.at(row) & matchedBit) !== 0
  }

  setMatched(row: number): void {
    this.verdicts.set(row, this.at(row) | matchedBit)
  }

  private at(row: number): number {
    return this.verdicts.at(row) ?? noAction
  }
}

function pack(action: Action | undefined, reasonBits: number): number {
  return (action === undefined ? noAction : actions.indexOf(action)) | (reasonBits << reasonShift)
}
