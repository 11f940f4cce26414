/**
 * The last phase: every directory that was touched, made, or is to change gets its attributes, deepest first. A
 * directory that may not be entered any more, once it has its mode, is finished after what it holds.
 */
import { cellsPerEntry, writeEntry } from '../model/entry-cells.js'
import type { Entry } from '../model/entry.js'
import type { Plan } from '../model/plan.js'
import { type FinishRole, finishRoles } from '../model/finish-jobs.js'
import { rowStates } from '../model/jobs.js'
import { NodePaths } from '../model/node-paths.js'
import type { DirectoryNode } from '../model/pairs.js'
import type { Execution } from './execution.js'
import type { Ledger } from './ledger.js'

const mostInBatch = 128
const ownerEnters = 0o100

export async function finishTouched(input: Execution, ledger: Ledger): Promise<void> {
  const { plan } = input
  const planned = new Set<number>()
  // A run that was stopped puts back what it touched, and begins nothing new.
  if (!ledger.isStopped && !input.signal.aborted) {
    for (const row of plan.order.finish) {
      const status = ledger.prejudge(row) ?? (await vetoed(input, row))
      if (status === undefined) planned.add(row)
      else await ledger.settle(row, status, { bytes: 0 })
    }
  }
  const nodes = new Set([...ledger.touched].filter(node => !ledger.removed.has(node)))
  for (const row of planned) {
    const node = plan.pairs.nodeOf(row)
    if (node !== undefined) nodes.add(node)
  }
  const wanted = (node: DirectoryNode): Wanted => wantedOf(plan, node, planned)
  for (const group of groupsOf(nodes, wanted)) {
    const batches: DirectoryNode[][] = []
    for (let from = 0; from < group.length; from += mostInBatch)
      batches.push(group.slice(from, from + mostInBatch))
    for (let from = 0; from < batches.length; from += input.width) {
      const some = batches.slice(from, from + input.width)
      const results = await Promise.all(some.map(batch => finishBatch(input, batch, wanted)))
      for (const result of results) await settleFinished(input, ledger, planned, result)
    }
  }
}

/**
 * Groups that are finished one after the other. Nearly all directories can be finished at once; one that its
 * owner may not enter, once it has its mode, waits until all below it are done.
 */
function groupsOf(nodes: ReadonlySet<DirectoryNode>, wanted: WantedOf): readonly DirectoryNode[][] {
  const levels = deepestFirst(nodes)
  const closes = (node: DirectoryNode): boolean => ((wanted(node).entry?.mode ?? 0) & ownerEnters) === 0
  return [
    levels.flatMap(level => level.filter(node => !closes(node))),
    ...levels.map(level => level.filter(closes)).filter(level => level.length > 0),
  ]
}

/** Whose attributes a directory gets. */
interface Wanted {
  readonly role: FinishRole
  readonly entry: Entry | undefined
}

type WantedOf = (node: DirectoryNode) => Wanted

/**
 * A directory gets what the source has. It gets back what it had, where the source has none, and where other
 * attributes were planned but are not to be set: vetoed, out of scope, or not begun because the run stops.
 */
function wantedOf(
  { pairs }: Plan,
  { inSource, inReplica, row }: DirectoryNode,
  planned: ReadonlySet<number>,
): Wanted {
  const keepsItsOwn = !inSource || (pairs.action(row) === 'metadata' && !planned.has(row))
  if (keepsItsOwn) return { role: 'own', entry: pairs.replica(row) }
  return { role: inReplica ? 'source' : 'made', entry: pairs.source(row) }
}

async function vetoed({ mayChange, plan }: Execution, row: number): Promise<'skipped' | undefined> {
  return mayChange !== undefined && (await mayChange(plan.changeOf(row))) === false ? 'skipped' : undefined
}

interface Finished {
  readonly nodes: readonly DirectoryNode[]
  readonly applied: Awaited<ReturnType<Execution['finish']>>
}

async function finishBatch(
  { finish }: Execution,
  nodes: readonly DirectoryNode[],
  wanted: WantedOf,
): Promise<Finished> {
  const cells = new BigInt64Array(nodes.length * cellsPerEntry)
  const roles = new Uint8Array(nodes.length)
  const paths = new NodePaths()
  for (const [index, node] of nodes.entries()) {
    const { role, entry } = wanted(node)
    roles[index] = finishRoles.indexOf(role)
    if (entry !== undefined) writeEntry(cells, index * cellsPerEntry, entry)
  }
  const directories = nodes.map(node => paths.of(node))
  return { nodes, applied: await finish({ directories, roles, cells }) }
}

async function settleFinished(
  input: Execution,
  ledger: Ledger,
  planned: ReadonlySet<number>,
  { nodes, applied }: Finished,
): Promise<void> {
  const problems = new Map(applied.problems)
  for (const [index, node] of nodes.entries()) {
    const failed = rowStates[applied.states[index] ?? 0] !== 'done'
    const problem = problems.get(index)
    if (planned.has(node.row))
      await ledger.settle(node.row, failed ? 'failed' : 'done', { bytes: 0, problem })
    else if (problem !== undefined) input.onProblem(problem)
  }
}

function deepestFirst(nodes: ReadonlySet<DirectoryNode>): DirectoryNode[][] {
  const levels: DirectoryNode[][] = []
  for (const node of nodes) {
    let depth = 0
    for (let above = node.parent; above !== undefined; above = above.parent) depth += 1
    const level = levels[depth]
    if (level === undefined) levels[depth] = [node]
    else level.push(node)
  }
  return levels.reverse().filter(level => level !== undefined)
}
