/**
 * The names of a directory that lies on the way to listed paths. It is not listed itself: each name is looked at on both
 * sides, and what else is there is nobody's concern.
 */
import type { Entry } from '../model/entry.js'
import type { CompareRequest, ListedNames } from '../model/jobs.js'
import type { Name } from '../model/path.js'
import {
  enterSides,
  type ListedNames as NamesToLookAt,
  type ListingContext,
  type Notes,
  noteFolded,
} from './list-names.js'
import { noNames } from './list-sides.js'
import { Unseen } from './look.js'
import { matchNames, onSides } from './match-names.js'

export class NamesOnWay {
  /** Those that the source does not have, or not as a directory where the way goes on. */
  readonly missing: Name[] = []
  private readonly isEnd: ReadonlyMap<Name, boolean>

  constructor({ names, ends }: ListedNames) {
    const all = names === '' ? [] : (names.split('/') as Name[])
    this.isEnd = new Map(all.map((name, index) => [name, ends[index] === 1]))
  }

  *enter(context: ListingContext, request: CompareRequest, notes: Notes): Generator<void, NamesToLookAt> {
    const entered = yield* enterSides(context, request, notes, noNames)
    if (!entered.isWhole) return { ...entered, names: [] }
    // Which of them the replica has is seen when it is looked at.
    const matched = yield* matchNames([...this.isEnd.keys()], [], context.can, () => true)
    noteFolded(request, matched, notes)
    return { ...entered, names: [...onSides(matched)].map(([name]) => [name, true, true] as const) }
  }

  /** Notes it, if it is so. */
  isMissing(name: Name, source: Entry | Unseen | undefined): boolean {
    const isUnseen = source instanceof Unseen
    const isGone = isUnseen && source.problem.code === 'source-changed'
    const goesOn = this.isEnd.get(name) === true || isUnseen || source?.kind === 'directory'
    if (goesOn && !isGone) return false
    this.missing.push(name)
    return true
  }

  /** What the replica has there is not to be deleted, whatever filters say. */
  isOnlyOnWay(name: Name): boolean {
    return this.isEnd.get(name) === false
  }
}
