/** The folders of runs in a backup folder: their names, and the runs of a replica. */
import { randomBytes } from 'node:crypto'
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

/** Sorts by time, and names a folder. */
export function newRunId(at: Date): string {
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

/** The runs that were recorded of a replica, oldest first. */
export function listRuns(
  backup: TreeSpec,
  replica: { readonly path: string; readonly inode: bigint },
): Run[] {
  const tree = openTree(backup)
  const runs: Run[] = []
  for (const id of tree
    .list(tree.root)
    .filter(name => idForm.test(name))
    .sort()) {
    const run = openRun(backup, id)
    try {
      if (run.tree.stat(run.tree.root, mainJournal)?.kind !== 'file') continue
      const records = [...readLines(run.tree, mainJournal)]
      const begin = records.find((record): record is Timed<Begin> => record.op === 'begin')
      if (begin === undefined || (begin.replica !== replica.path && begin.root !== String(replica.inode)))
        continue
      runs.push({ id, undoes: begin.undoes, isEnded: records.some(({ op }) => op === 'end') })
    } finally {
      run.close()
    }
  }
  return runs
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
