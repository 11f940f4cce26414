/**
 * What both sides of a directory hold: each name once, and where it is looked up.
 */
import type { CompareRequest } from '../model/jobs.js'
import { NodeMark } from '../model/node-mark.js'
import { joinPath, type Name } from '../model/path.js'
import type { Problem } from '../model/problem.js'
import type { Tally } from '../model/tally.js'
import type { Capabilities } from '../tree/capabilities.js'
import type { LeftOutRules } from './left-out.js'
import {
  type DirectorySide,
  type HeldSide,
  type Listed,
  listReplica,
  listSource,
  type namesIn,
  notListed,
  sideOf,
} from './list-sides.js'
import { collisionProblems, type MatchedNames, matchNames, type NameOnSides, onSides } from './match-names.js'
import { proveAbsence } from './prove-absence.js'

export interface ListingContext extends LeftOutRules {
  readonly source: HeldSide
  /** Undefined while the replica does not exist. */
  readonly replica: HeldSide | undefined
  readonly can: Capabilities
  /** Lists the source, where others get the same list; `prove-absence.ts` never asks it. */
  readonly listsSource?: typeof namesIn | undefined
}

/** Where is noted what is found on the way. */
export interface Notes {
  readonly problems: Problem[]
  readonly tally: Tally
}

interface EnteredSides {
  /** Both sides that there are were entered, and listed if that was wanted. */
  readonly isWhole: boolean
  /** A bit set of `NodeMark`. */
  readonly marks: number
  readonly source: DirectorySide | undefined
  readonly replica: DirectorySide | undefined
}

export interface ListedNames extends Omit<EnteredSides, 'isWhole'> {
  readonly names: Iterable<NameOnSides>
}

interface BothListed extends EnteredSides {
  readonly inSource: Listed
  readonly inReplica: Listed
}

/** Enters the sides that have a directory, and lists them. */
export function* enterSides(
  context: ListingContext,
  request: CompareRequest,
  { problems }: Notes,
  list?: typeof namesIn,
): Generator<void, BothListed> {
  let [inSource, inReplica] = [notListed, notListed]
  if (request.inSource)
    inSource = yield* listSource(context.source, request.path, problems, list ?? context.listsSource)
  // INVARIANT: without a whole listing of the source nothing is known to be absent, so nothing is looked at.
  const isSourceWhole = (inSource.marks & (NodeMark.hole | NodeMark.vanished)) === 0
  if (isSourceWhole && request.inReplica && context.replica !== undefined)
    inReplica = yield* listReplica(context.replica, request, context.roots, problems, list)
  return {
    // Without a whole listing of the replica, creating anything there would be a guess.
    isWhole: isSourceWhole && (inReplica.marks & NodeMark.replicaHole) === 0,
    marks: inSource.marks | inReplica.marks,
    source: sideOf(context.source, inSource),
    replica: sideOf(context.replica, inReplica),
    inSource,
    inReplica,
  }
}

/** Lists both sides. Others are let in between the parts of each list, which may be long, and after it. */
export function* listNames(
  context: ListingContext,
  request: CompareRequest,
  notes: Notes,
): Generator<void, ListedNames> {
  const entered = yield* enterSides(context, request, notes)
  const { inSource, inReplica, marks } = entered
  if (isOfAnotherDevice(context, inReplica)) notes.tally.add('mounted file systems', request.path)
  if (!entered.isWhole) return { ...entered, names: [] }
  yield
  const isConcerned = (name: Name): boolean =>
    context.isExcluded?.(joinPath(request.path, name), false) !== true
  const matched = yield* proveAbsence(context.source, request.path, inSource, names =>
    matchNames(names, inReplica.names, context.can, isConcerned),
  )
  if ('message' in matched) {
    notes.problems.push(matched)
    return { ...entered, marks: marks | NodeMark.hole, names: [] }
  }
  noteFolded(request, matched, notes)
  yield
  return { ...entered, names: onSides(matched) }
}

function isOfAnotherDevice({ roots }: ListingContext, { directory, marks }: Listed): boolean {
  if ((marks & NodeMark.mounted) === 0 || directory === undefined) return false
  return directory.stat().device !== roots.replicaDevice
}

/** Names that the replica's file system takes for one. */
export function noteFolded(
  { path }: CompareRequest,
  { colliding, writtenOtherwise }: MatchedNames,
  { problems, tally }: Notes,
): void {
  for (const name of writtenOtherwise) tally.add('letter case of names', joinPath(path, name))
  for (const each of colliding.flatMap(group => collisionProblems(path, group))) problems.push(each)
}
