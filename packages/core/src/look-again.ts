/**
 * Law L1 for what moved: an entry moved from a directory that was not listed yet into one that was is seen nowhere, and
 * is not absent all the same. So where anything is to be deleted, and only there:
 *
 * 1. each directory of the source is looked at again; those that changed since they were listed are listed again
 * 2. what has appeared there, with all below it, is what may have moved
 * 3. a removal that could be of such an entry, by kind, size and time, is left for the next run
 *
 * RACE: what is moved twice, in the walk and again in this look, from a directory not looked at yet into one that was,
 * is deleted, and copied anew by the next run. The source loses nothing by it.
 */
import type { Withholding } from './model/change.js'
import type { SecondLook } from './model/jobs.js'
import { NodeMark } from './model/node-mark.js'
import { type DirectoryNode, type PairTable, pathOfNode } from './model/pairs.js'
import type { RelativePath } from './model/path.js'
import type { PlanOrder } from './model/plan.js'
import type { Problem } from './model/problem.js'
import { findMoved } from './plan/find-moved.js'
import { withholdRemovals } from './plan/withhold.js'
import { inChunks, runInSlices } from './run/slices.js'
import { SecondListing } from './second-listing.js'
import type { Session } from './session.js'
import { timeDifference } from './tree/times.js'
import type { Walked, WalkInput } from './walk/walk-input.js'

export interface Looking {
  readonly session: Session
  readonly walked: Walked
  /** When the walk began, in milliseconds. */
  readonly walkedFrom: number
  readonly order: PlanOrder
  readonly filter: WalkInput['filter']
}

/** What a plan takes in the place of what the walk alone found. */
export interface SeenAgain {
  readonly moved: ReadonlySet<number>
  readonly hasHoles: boolean
  readonly problems: readonly Problem[]
  /** What is withheld, where the second look added nothing to it; undefined where that is to be found out anew. */
  readonly withheld: ReadonlyMap<number, Withholding> | undefined
}

/** Directories looked at by one job: enough to be worth a message. */
const lookedAtOnce = 256

export async function lookAgain({ session, walked, walkedFrom, order, filter }: Looking): Promise<SeenAgain> {
  const { executor, signal, settings, can } = session
  const { pairs, root, problems, hasHoles } = walked
  const found = { moved: new Set<number>(), hasHoles, problems }
  const withheld = await runInSlices(withholdRemovals(pairs, order, { ...found, settings }), signal)
  const asBefore: SeenAgain = { ...found, withheld }
  if (withheld.size === order.remove.length) return asBefore

  const listing = new SecondListing(walked, executor, filter)
  const walkedFromNs = BigInt(walkedFrom) * 1_000_000n
  await inChunks(batchesOf(pairs, root), executor.width * 2, async nodes => {
    signal.throwIfAborted()
    const look = secondLook(pairs, nodes, walkedFromNs)
    for (const index of (await executor.run('findChanged', look)) as readonly number[]) {
      const node = nodes[index]
      if (node !== undefined) listing.want(node)
    }
  })
  await listing.run(signal)
  if (listing.problems.length > 0)
    return { ...asBefore, hasHoles: true, problems: [...problems, ...listing.problems], withheld: undefined }
  const isSameTime = (a: bigint, b: bigint): boolean => timeDifference(a, b, can.times) !== 'real'
  const moved = await runInSlices(findMoved(pairs, order, listing.appeared, isSameTime), signal)
  return moved.size === 0 ? asBefore : { ...asBefore, moved, withheld: undefined }
}

/** The directories of the source that were listed, those of one parent together. */
function* batchesOf(pairs: PairTable, root: DirectoryNode): Generator<readonly DirectoryNode[]> {
  let batch: DirectoryNode[] = wasListed(root) ? [root] : []
  const stack = [root]
  for (let above = stack.pop(); above !== undefined; above = stack.pop()) {
    for (const row of above.rows) {
      const node = pairs.nodeOf(row)
      if (node === undefined || !wasListed(node)) continue
      stack.push(node)
      batch.push(node)
      if (batch.length < lookedAtOnce) continue
      yield batch
      batch = []
    }
  }
  yield batch
}

function wasListed({ inSource, marks }: DirectoryNode): boolean {
  const states = NodeMark.listed | NodeMark.vanished | NodeMark.hole
  return inSource && (marks & states) === NodeMark.listed
}

function secondLook(pairs: PairTable, nodes: readonly DirectoryNode[], walkedFromNs: bigint): SecondLook {
  const parents: RelativePath[] = []
  const counts: number[] = []
  const times = new BigInt64Array(2 * nodes.length)
  let before: DirectoryNode | undefined
  for (const [index, node] of nodes.entries()) {
    const parent = node.parent ?? node
    if (parent !== before || node.parent === undefined) {
      parents.push(pathOfNode(parent))
      counts.push(0)
      before = node.parent
    }
    counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1
    const { mtimeNs = 0n, ctimeNs = 0n } = pairs.source(node.row) ?? {}
    times.set([mtimeNs, ctimeNs], 2 * index)
  }
  return { parents, counts, names: nodes.map(({ name }) => name).join('/'), times, walkedFromNs }
}
