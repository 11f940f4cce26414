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
const slash = 47

/** Each name with a separator after it. */
function join(names: readonly Name[]): string {
  return [...names, ''].join(separator)
}

/** What comes after a name, as a code unit; nothing is less than any. */
function ending(hasSlash: boolean): number {
  return hasSlash ? slash : -1
}

export class NameColumn {
  private readonly joined: string[] = []
  /** Where each name begins in its string. */
  private readonly starts = new IntColumn()
  /** Those of the last string, as long as it is not full and nobody compares them. */
  private last: Name[] = []
  private nextStart = 0
  /** The last string, once somebody does. */
  private lastJoined = ''

  push(name: Name): void {
    if (this.lastJoined !== '') this.reopen()
    this.starts.push(this.nextStart)
    this.last.push(name)
    this.nextStart += name.length + separator.length
    if (this.last.length <= inJoined) return
    this.joined.push(join(this.last))
    this.last = []
    this.nextStart = 0
  }

  /** The name of a row, which must be there. */
  at(row: number): Name {
    const names = this.joined[row >>> joinShift] ?? this.lastJoined
    if (names === '') return this.last[row & inJoined] as Name
    const start = this.starts.at(row) ?? 0
    return names.slice(start, names.indexOf(separator, start)) as Name
  }

  /**
   * Compares the names of two rows by UTF-16 code units, which is the same on every machine and in every locale; each
   * with a slash at its end if that is wanted. Most are told apart by a few letters, so none is cut out for it.
   */
  compare(a: number, slashA: boolean, b: number, slashB: boolean): number {
    const inA = this.namesWith(a)
    const inB = this.namesWith(b)
    let atA = this.starts.at(a) ?? 0
    let atB = this.starts.at(b) ?? 0
    let unit = inA.charCodeAt(atA)
    let other = inB.charCodeAt(atB)
    while (unit === other && unit !== slash) {
      unit = inA.charCodeAt(++atA)
      other = inB.charCodeAt(++atB)
    }
    if (unit === other) return Number(slashA) - Number(slashB)
    return (unit === slash ? ending(slashA) : unit) - (other === slash ? ending(slashB) : other)
  }

  private namesWith(row: number): string {
    return this.joined[row >>> joinShift] ?? this.joinLast()
  }

  /** All rows are there by then: what is left are pieces of the strings that the workers sent, and keeps those. */
  private joinLast(): string {
    if (this.last.length > 0) this.lastJoined = join(this.last)
    this.last = []
    return this.lastJoined
  }

  private reopen(): void {
    this.last = this.lastJoined.split(separator).slice(0, -1) as Name[]
    this.lastJoined = ''
  }
}
