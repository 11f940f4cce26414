/**
 * What was only renamed or moved in the source, and so becomes a rename in the replica. Asked when it is known what is
 * to be deleted, for a rename takes the old name away: what is withheld stays, and is copied.
 */
import { judge } from './compare/compare.js'
import type { DigestRequest } from './model/jobs.js'
import { type MovedFile, noMoves, pathBefore, type PlannedMoves } from './model/moves.js'
import { NodeMark } from './model/node-mark.js'
import { type PairTable, pathOfRow } from './model/pairs.js'
import { type Problem, problem } from './model/problem.js'
import { steadyTime } from './model/steady.js'
import { moveDirectories } from './move-directories.js'
import type { Ordered } from './plan/build-plan.js'
import { loneTimes } from './plan/lone-times.js'
import { type DirectoryMatch, matchDirectories } from './plan/match-directories.js'
import {
  type AlikeFiles,
  type Digests,
  matchByContent,
  matchFiles,
  type MatchRules,
} from './plan/match-files.js'
import { orderRows } from './plan/order.js'
import { withholdRemovals } from './plan/withhold.js'
import type { SeenAgain } from './look-again.js'
import { inChunks, runInSlices } from './run/slices.js'
import type { Session } from './session.js'
import { escapeName } from './tree/names.js'
import { timeStepOf } from './tree/times.js'
import { RowKeeper } from './walk/keep-rows.js'
import type { Walked, WalkInput } from './walk/walk-input.js'

/** Files read by one job. */
const readAtOnce = 8

/** What a plan takes in the place of what was known before. */
export interface Renamed {
  readonly moves: PlannedMoves
  readonly movedUnchanged: number
  readonly hasHoles: boolean
  readonly problems: readonly Problem[]
}

export interface RenameInput {
  readonly session: Session
  readonly walked: Walked
  readonly walkInput: WalkInput
  readonly ordered: Ordered
  readonly seen: SeenAgain
}

/** Changes the verdicts on what is renamed. */
export async function findRenames(input: RenameInput): Promise<Renamed> {
  const { session, walked, ordered, seen } = input
  const { settings } = session
  const { hasHoles, problems } = seen
  const nothing: Renamed = { moves: noMoves, movedUnchanged: 0, hasHoles, problems }
  if (!settings.renames || !settings.delete || (walked.renamed.size === 0 && isIdle(ordered.order)))
    return nothing
  const renamed = input.walkInput.renames ? await renameDirectories(input, nothing) : nothing
  const files = await renameFiles(input, renamed)
  if (files.size === 0) return renamed
  const staying = new Set([...files.values()].flatMap(({ from, stays }) => (stays ? [from] : [])))
  return { ...renamed, moves: { files, staying, directories: renamed.moves.directories } }
}

async function renameDirectories(
  { session, walked, walkInput, ordered, seen }: RenameInput,
  nothing: Renamed,
): Promise<Renamed> {
  const { settings, signal, executor } = session
  const { pairs } = walked
  const withheld = await runInSlices(withholdRemovals(pairs, ordered.order, { ...seen, settings }), signal)
  const { timeStepNs } = walkInput
  const matches = await runInSlices(matchDirectories(pairs, ordered.order, withheld, timeStepNs), signal)
  if (matches.length + walked.renamed.size === 0) return nothing
  const timeOf = ({ from, to }: DirectoryMatch): bigint | undefined =>
    steadyTime(pairs, { source: to.row, replica: from.row }, timeStepNs)
  const times = matches.flatMap(match => timeOf(match) ?? [])
  const lone = await runInSlices(loneTimes(pairs, times, timeStepNs), signal)
  const certain = new Set(matches.filter(match => lone.has(timeOf(match) ?? -1n)))
  // What this meets with is told with the plan.
  const keeper = new RowKeeper(pairs, { ...walkInput, onProblem: () => undefined })
  const concurrency = executor.width * 2
  const { directories, missed, unchanged } = await moveDirectories({
    pairs,
    matches,
    renamed: walked.renamed,
    isCertain: match => certain.has(match),
    timeStepNs,
    keeper,
    compare: walkInput.compare,
    compareNames: walkInput.compareNames,
    concurrency,
    signal,
  })
  const vanished = missed.map(path =>
    problem(
      'source-changed',
      'source',
      path,
      `directory "${escapeName(path)}" vanished while the source was read`,
    ),
  )
  walked.residuals.addAll(keeper.residuals.list())
  return {
    moves: { ...noMoves, directories },
    movedUnchanged: keeper.unchanged + unchanged,
    hasHoles: seen.hasHoles || keeper.hasHoles,
    problems: [...seen.problems, ...keeper.problems, ...vanished],
  }
}

async function renameFiles(
  { session, walked: { pairs, root }, ordered, seen }: RenameInput,
  { moves, hasHoles }: Renamed,
): Promise<PlannedMoves['files']> {
  const { settings, signal } = session
  const order =
    moves === noMoves
      ? ordered.order
      : await runInSlices(orderRows(pairs, root, ordered.scope, settings.delete, moves), signal)
  const withheld = await runInSlices(withholdRemovals(pairs, order, { ...seen, hasHoles, settings }), signal)
  const rules = matchRules(session)
  const questions = await runInSlices(matchFiles(pairs, order, withheld, rules), signal)
  const digests = await readAll(session, pairs, questions, moves.directories)
  const files = new Map(questions.flatMap(alike => [...matchByContent(pairs, alike, digests, rules)]))
  // Without hard links no file has two names, as one would that takes a directory's place.
  if (!rules.links) for (const to of files.keys()) if (pairs.action(to) === 'replace') files.delete(to)
  return takeFiles(pairs, files)
}

/**
 * What is only deleted goes with the rename; what is overwritten is so by its own row. What takes the place of a directory
 * is still a replacement: guards and withholding know it as one.
 */
function takeFiles(pairs: PairTable, matches: ReadonlyMap<number, number>): PlannedMoves['files'] {
  const files = new Map<number, MovedFile>()
  for (const [to, from] of matches) {
    const stays = pairs.hasSource(from) || pairs.action(to) === 'replace'
    files.set(to, { from, at: pairs.replicaAt(from), stays })
  }
  for (const [to, { from, stays }] of files) {
    if (pairs.action(to) !== 'replace') pairs.setVerdict(to, 'rename', pairs.reasonBits(to))
    if (stays) continue
    const left = pairs.directoryOf(from)
    if (left !== undefined) left.marks |= NodeMark.left
    pairs.forget(from)
  }
  return files
}

/** Nothing leaves its place, or nothing comes to one. */
function isIdle({ copy, remove, removeFiles }: Ordered['order']): boolean {
  const nothingComes = copy.length === 0 && remove.length === removeFiles
  return nothingComes || (remove.length === 0 && copy.length === 1)
}

function matchRules({ can }: Session): MatchRules {
  return {
    timeStepNs: timeStepOf(can.times),
    links: can.hardLinks === 'held',
    fits: (source, replica) => {
      const { action } = judge(source, replica, can, true)
      return action === undefined || action === 'metadata'
    },
  }
}

/** The digests of all files that are alike, by side and row: one that is overwritten has two. */
async function readAll(
  { executor, signal }: Session,
  pairs: PairTable,
  questions: readonly AlikeFiles[],
  directories: PlannedMoves['directories'],
): Promise<Digests> {
  const digests = { source: new Map<number, string>(), replica: new Map<number, string>() }
  await inChunks(batchesOf(questions), executor.width * 2, async ({ side, rows }) => {
    signal.throwIfAborted()
    // Nothing of the replica is where it will be yet.
    const paths = rows.map(row =>
      side === 'source' ? pathOfRow(pairs, row) : pathBefore(pairs, directories, row),
    )
    const request: DigestRequest = { side, paths }
    const found = (await executor.run('digest', request)) as readonly (string | undefined)[]
    for (const [index, row] of rows.entries()) {
      const digest = found[index]
      if (digest !== undefined) digests[side].set(row, digest)
    }
  })
  return digests
}

function* batchesOf(
  questions: readonly AlikeFiles[],
): Generator<{ readonly side: DigestRequest['side']; readonly rows: readonly number[] }> {
  for (const side of ['source', 'replica'] as const) {
    const all = questions.flatMap(({ arriving, leaving }) => (side === 'source' ? arriving : leaving))
    for (let from = 0; from < all.length; from += readAtOnce)
      yield { side, rows: all.slice(from, from + readAtOnce) }
  }
}
