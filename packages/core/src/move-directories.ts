/**
 * Directories that were renamed in the source become the same directory of the replica before anything is compared: each
 * pair, however the two are called, is walked as the first walk does with two of one name. What is equal needs nothing,
 * and what differs is repaired when the directory has its new name.
 */
import type { MovedDirectory } from './model/moves.js'
import { type DirectoryNode, type PairTable, pathOfNode } from './model/pairs.js'
import { joinPath, type Name, parentPath, type RelativePath } from './model/path.js'
import { steadyTime } from './model/steady.js'
import type { DirectoryMatch } from './plan/match-directories.js'
import { inChunks } from './run/slices.js'
import type { RowKeeper } from './walk/keep-rows.js'
import { pathInReplica } from './walk/path-in-replica.js'
import type { WalkInput } from './walk/walk-input.js'

export interface MoveInput {
  readonly pairs: PairTable
  /** Those above others first. */
  readonly matches: readonly DirectoryMatch[]
  /** Those that the walk has met: by the row of the new name what the replica has. */
  readonly renamed: ReadonlyMap<number, DirectoryNode>
  /** Whether no other directory can be the one that was moved, and no name in it was touched. */
  readonly isCertain: (match: DirectoryMatch) => boolean
  /** What is kept of times. */
  readonly timeStepNs: bigint
  readonly keeper: RowKeeper
  readonly compare: WalkInput['compare']
  readonly compareNames: WalkInput['compareNames']
  readonly concurrency: number
  readonly signal: AbortSignal
}

/** A directory to be compared, and where the replica has it. */
interface Visit {
  readonly node: DirectoryNode
  readonly path: RelativePath
  readonly replicaPath: RelativePath
  /** Whether its names lead to the same files on both sides. */
  readonly isSure: boolean
}

interface Move extends DirectoryMatch {
  readonly isCertain: boolean
  readonly was: RelativePath
  readonly will: RelativePath
}

interface Placed {
  readonly was: RelativePath
  readonly will: RelativePath
  /** Of the new name; undefined where it is not met again. */
  readonly row: number | undefined
  readonly from: DirectoryNode | undefined
}

export interface Moved {
  /** How many entries with a row of their own need nothing. */
  readonly unchanged: number
  /** By row of the new name. */
  readonly directories: ReadonlyMap<number, MovedDirectory>
  /** Those that are not where they were any more. */
  readonly missed: readonly RelativePath[]
}

export async function moveDirectories(input: MoveInput): Promise<Moved> {
  const mover = new Mover(input)
  await mover.run()
  return mover.result()
}

class Mover {
  private readonly input: MoveInput
  private readonly moves: readonly Move[]
  /** By path in the source, and by path in the replica. */
  private readonly targets: ReadonlyMap<RelativePath, Move>
  private readonly leaving: ReadonlyMap<RelativePath, Move>
  /** The rows they have, and what holds what is moved out of a directory that is moved itself. */
  private readonly rows = new Map<Move, number>()
  private readonly leftFrom = new Map<Move, DirectoryNode>()
  private readonly visits: Visit[] = []
  private unchanged = 0

  constructor(input: MoveInput) {
    this.input = input
    // What lies where is asked before the first of them is moved.
    this.moves = input.matches.map(match => ({
      ...match,
      was: pathInReplica(match.from, input.renamed),
      will: pathOfNode(match.to),
      isCertain: input.isCertain(match),
    }))
    this.targets = new Map(this.moves.map(move => [move.will, move]))
    this.leaving = new Map(this.moves.map(move => [move.was, move]))
  }

  async run(): Promise<void> {
    const { concurrency, signal } = this.input
    // One that lies in another is met there.
    for (const move of this.moves) if (!this.liesInTarget(move)) this.begin(move, move.to)
    while (this.visits.length > 0) {
      await inChunks(this.visits.splice(0), concurrency, async visit => {
        signal.throwIfAborted()
        await this.visit(visit)
      })
    }
  }

  result(): Moved {
    const directories = new Map<number, MovedDirectory>()
    const missed: RelativePath[] = []
    // By path in the replica before the run, where they are by now.
    const done = new Map<RelativePath, RelativePath>()
    for (const { was, will, row, from } of this.allInOrder()) {
      if (row === undefined || from === undefined) {
        missed.push(will)
        continue
      }
      directories.set(row, { was, now: placeNow(done, was), from })
      done.set(was, will)
    }
    return { directories, missed, unchanged: this.unchanged }
  }

  /** Those above others first, and with them those of the walk. */
  private allInOrder(): readonly Placed[] {
    const { renamed, pairs } = this.input
    const met = [...renamed].flatMap(([row, from]) => {
      const node = pairs.nodeOf(row)
      if (node === undefined) return []
      const was = joinPath(pathInReplica(node.parent ?? node, renamed), from.name)
      return [{ was, will: pathOfNode(node), row, from: node.parent }]
    })
    const found = this.moves.map(move => ({
      was: move.was,
      will: move.will,
      row: this.rows.get(move),
      from: this.leftFrom.get(move) ?? move.from.parent,
    }))
    return [...met, ...found].sort((a, b) => (a.will < b.will ? -1 : 1))
  }

  private liesInTarget({ will }: Move): boolean {
    for (let path = parentPath(will); path !== ''; path = parentPath(path))
      if (this.targets.has(path)) return true
    return false
  }

  /** @param node the directory of the new name: not the first one, where what is above it is compared again */
  private begin(move: Move, node: DirectoryNode): void {
    this.input.pairs.moveDirectory(move.from, node)
    this.rows.set(move, node.row)
    this.visits.push({ node, path: move.will, replicaPath: move.was, isSure: move.isCertain })
  }

  private isSteady({ row }: DirectoryNode): boolean {
    const { pairs, timeStepNs } = this.input
    return steadyTime(pairs, { source: row }, timeStepNs) !== undefined
  }

  private async visit({ node, path, replicaPath, isSure }: Visit): Promise<void> {
    const { keeper, pairs, compare, compareNames } = this.input
    const { inSource, inReplica } = node
    // Where paths are judged by ignore files no directory is renamed.
    const compared = await compare({
      path,
      inSource,
      inReplica,
      replicaPath,
      doubt: isSure ? 'times' : 'all',
    })
    const kept = (row: number, name: Name): void => {
      pairs.setMatched(row)
      this.keep(node, row, { path: joinPath(path, name), replicaPath: joinPath(replicaPath, name), isSure })
    }
    await keeper.take(node, path, compared, kept)
    for (const slice of compared.more) await keeper.take(node, path, await compareNames(slice), kept)
  }

  /** @param place of the row, and whether the holder is sure */
  private keep(holder: DirectoryNode, row: number, place: Omit<Visit, 'node'>): void {
    const { pairs } = this.input
    const { path, replicaPath } = place
    const leaving = pairs.hasReplica(row) && holder.inReplica ? this.leaving.get(replicaPath) : undefined
    if (leaving !== undefined) {
      this.leftFrom.set(leaving, holder)
      pairs.dropReplica(row)
      if (!pairs.hasSource(row)) return pairs.dropLast(row)
    }
    if (pairs.action(row) === undefined && pairs.hasSource(row) && pairs.hasReplica(row)) this.unchanged += 1
    if (!pairs.isDirectory(row)) return
    const node = pairs.addNode(row)
    const move = node.inReplica ? undefined : this.targets.get(path)
    const isSure = place.isSure && this.isSteady(node)
    if (move === undefined) this.visits.push({ ...place, node, isSure })
    else this.begin(move, node)
  }
}

/** What was above it may have been moved, by then. */
function placeNow(done: ReadonlyMap<RelativePath, RelativePath>, was: RelativePath): RelativePath {
  for (let path = parentPath(was); path !== ''; path = parentPath(path)) {
    const now = done.get(path)
    if (now !== undefined) return now + was.slice(path.length)
  }
  return was
}
