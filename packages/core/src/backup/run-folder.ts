/** The folders of runs in a backup folder: their names, and the runs of a replica. */
import { randomBytes } from 'node:crypto'
import { SyncError } from '../model/errors.js'
import type { Name } from '../model/path.js'
import { closeRead } from '../tree/close-read.js'
import { openTree } from '../tree/open-tree.js'
import type { Directory, Tree, TreeSpec } from '../tree/tree.js'
import { journalPrefix } from './journal.js'
import { readLines } from './read-journal.js'
import type { Begin, Timed } from './records.js'

/** The main thread's, which tells of the run as a whole. */
export const mainThread = 'main'
const mainJournal = `${journalPrefix}${mainThread}` as Name

const idForm = /^\d{8}T\d{9}Z-[0-9a-f]{6}$/

/**
 * Sorts by time, and names a folder. Later than all that are there: a clock that was put back would make of the last run
 * the first, which is undone last and removed first.
 */
export function newRunId(backup: Tree, now: number): string {
  const last = runNames(backup).at(-1)
  const at = new Date(last === undefined ? now : Math.max(now, timeOfRun(last) + 1))
  return `${at.toISOString().replaceAll(/[-:.]/g, '')}-${randomBytes(3).toString('hex')}`
}

/** When the run of an id began. */
export function timeOfRun(id: string): number {
  const [, year, month, day, hour, minute, second, ms] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z/.exec(id) ?? []
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`)
}

/** A run of a replica that was recorded. */
export interface Run {
  readonly id: string
  /** Where the replica was. */
  readonly replica: string
  readonly undoes: string | undefined
  /** False for one that was killed. */
  readonly isEnded: boolean
}

/** The tree of a run's folder; closed by whoever opened it. */
export interface OpenRun {
  readonly spec: TreeSpec
  readonly tree: Tree
  close(): void
}

export function openRun(backup: TreeSpec, id: string): OpenRun {
  const above = openTree(backup)
  const directory: Directory = above.openDirectory(above.root, id as Name)
  const spec: TreeSpec = { ...backup, path: `${backup.path}/${id}`, fd: directory.fd }
  return { spec, tree: openTree(spec), close: () => closeRead(directory) }
}

/** Whether a run has changed anything: each thread that did has a journal. */
export function hasSteps(run: Tree): boolean {
  return run.list(run.root).some(name => name.startsWith(journalPrefix) && name !== mainJournal)
}

/** What tells a replica from others: its path, or, where it was moved, its root. */
export interface ReplicaOfRuns {
  readonly path: string
  readonly device: bigint
  readonly inode: bigint
}

/** The runs that were recorded of a replica, oldest first. What else lies there is no run. */
export function listRuns(backup: TreeSpec, replica: ReplicaOfRuns): Run[] {
  const tree = openTree(backup)
  const runs: Run[] = []
  for (const id of runNames(tree)) {
    const records = mainRecords(backup, id)
    const begin = records.find((record): record is Timed<Begin> => record.op === 'begin')
    if (begin === undefined || !isOf(begin, replica)) continue
    const isEnded = records.some(({ op }) => op === 'end')
    runs.push({ id, replica: begin.replica, undoes: begin.undoes, isEnded })
  }
  return runs
}

/** Folders that are named as runs are, oldest first. */
function runNames(tree: Tree): readonly Name[] {
  return tree
    .list(tree.root)
    .filter(name => idForm.test(name) && tree.stat(tree.root, name)?.kind === 'directory')
    .sort()
}

/** The roots of many file systems have one inode number. */
function isOf({ replica, device, root }: Begin, there: ReplicaOfRuns): boolean {
  return replica === there.path || (device === String(there.device) && root === String(there.inode))
}

/** None where there is no journal, or none that can be read. */
function mainRecords(backup: TreeSpec, id: string): readonly Timed[] {
  const run = openRun(backup, id)
  try {
    if (run.tree.stat(run.tree.root, mainJournal)?.kind !== 'file') return []
    return [...readLines(run.tree, mainJournal)]
  } catch (error) {
    if (error instanceof SyncError) return []
    throw error
  } finally {
    run.close()
  }
}

/**
 * The run to undo when none is named. One that was killed comes first, whatever it did. Else it is the last that is in
 * force: an undo takes back the run it undoes, and one of an undo brings that back, in its own name.
 */
export function lastInForce(runs: readonly Run[]): Run | undefined {
  const inForce: Run[] = []
  const undos = new Set<string>()
  for (const run of runs) {
    if (run.undoes === undefined) {
      inForce.push(run)
      continue
    }
    if (!run.isEnded) continue
    const at = inForce.findIndex(({ id }) => id === run.undoes)
    if (at >= 0) inForce.splice(at, 1)
    // What undoes an undo is in force itself.
    if (undos.has(run.undoes)) inForce.push(run)
    else undos.add(run.id)
  }
  const last = runs.at(-1)
  return last !== undefined && !last.isEnded ? last : inForce.at(-1)
}
