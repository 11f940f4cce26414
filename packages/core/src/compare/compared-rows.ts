/** What somebody has to see of a compared directory, in columns. */
import { actions } from '../model/change.js'
import { EntryCells } from '../model/entry-cells.js'
import { type ComparedDirectory, packVerdict, SideBit } from '../model/jobs.js'
import { NodeMark } from '../model/node-mark.js'
import type { Name } from '../model/path.js'
import type { Problem } from '../model/problem.js'
import type { Verdict } from './compare.js'
import type { Candidate } from './left-out.js'

export class ComparedRows {
  private readonly names: Name[] = []
  private readonly verdicts: number[] = []
  private readonly sides: number[] = []
  private readonly cells = new EntryCells()

  /** @param asks whether the caller is to judge the content */
  add({ name, source, replica }: Candidate, { action, reasonBits }: Verdict, asks: boolean): void {
    this.names.push(name)
    this.verdicts.push(packVerdict(action === undefined ? -1 : actions.indexOf(action), reasonBits, asks))
    this.sides.push(
      (source === undefined ? 0 : SideBit.source) | (replica === undefined ? 0 : SideBit.replica),
    )
    if (source !== undefined) this.cells.add(source)
    if (replica !== undefined) this.cells.add(replica)
  }

  toColumns(): Pick<ComparedDirectory, 'names' | 'verdicts' | 'sides' | 'cells'> {
    return {
      names: this.names.join('/'),
      verdicts: Uint32Array.from(this.verdicts),
      sides: Uint8Array.from(this.sides),
      cells: this.cells.toCells(),
    }
  }
}

/** What its ignore file leaves out is not known: nothing of the directory is looked at. */
export function unreadable(found: Problem): ComparedDirectory {
  const nothing = new ComparedRows().toColumns()
  const marks = NodeMark.listed | NodeMark.hole
  return { ...nothing, unchanged: 0, marks, problems: [found], residuals: [], more: [], ignore: undefined }
}
