/**
 * A column of names, one a row. They are joined a few hundred at a time, for a string of its own takes several times what
 * the letters of a name do, and a piece of another string keeps all of that.
 */
import { IntColumn } from './int-column.js'
import type { Name } from './path.js'

/** Names joined to one string. A column of fewer has none. */
const joinShift = 8
const inJoined = (1 << joinShift) - 1

/** No name has it. */
const separator = '/'

export class NameColumn {
  private readonly joined: string[] = []
  /** Where each name begins in its string. */
  private readonly starts = new IntColumn()
  /** Those of the last string, as long as it is not full. */
  private last: Name[] = []
  private nextStart = 0

  push(name: Name): void {
    this.starts.push(this.nextStart)
    this.last.push(name)
    this.nextStart += name.length + separator.length
    if (this.last.length <= inJoined) return
    this.joined.push(this.last.join(separator))
    this.last = []
    this.nextStart = 0
  }

  /** The name of a row, which must be there. */
  at(row: number): Name {
    const names = this.joined[row >>> joinShift]
    if (names === undefined) return this.last[row & inJoined] as Name
    const start = this.starts.at(row) ?? 0
    const end = names.indexOf(separator, start)
    return (end < 0 ? names.slice(start) : names.slice(start, end)) as Name
  }
}
