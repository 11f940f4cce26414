/**
 * Puts a replica back as it was before a run.
 *
 * replica and backup opened -> the replica locked -> the run found, its journals read -> all that it left looked at: changed
 * since? refused -> taken back step by step, recorded as any other run, so that it can be undone itself.
 */
import { differences, KnownStates, lostFromBackup } from './backup/expected.js'
import { looking } from './backup/looking.js'
import { type LessNames, OtherNames } from './backup/other-names.js'
import { removeKept } from './backup/prune.js'
import { readRun, type Told } from './backup/read-journal.js'
import { recorderOf } from './backup/recorder.js'
import { revert } from './backup/revert.js'
import { lastInForce, listRuns, openRun, type Run } from './backup/run-folder.js'
import { stepBack } from './backup/steps-back.js'
import { discardOwn } from './discard-own.js'
import { lockOnce } from './lock-once.js'
import { meaningOf } from './model/errno.js'
import { SyncError } from './model/errors.js'
import type { RelativePath } from './model/path.js'
import { type Problem, problem } from './model/problem.js'
import { Backup } from './run-backup.js'
import { runInSlices } from './run/slices.js'
import { ownerRights } from './tree/attributes.js'
import { openBackupRoot, openReplicaRoot, refuseBackupInRoots } from './tree/backup-root.js'
import { flushWayOf } from './tree/flush-way.js'
import { HeldDirectories } from './tree/held-directories.js'
import type { OpenedRoot } from './tree/local.js'
import { escapeName } from './tree/names.js'
import { chooseWay, openTree } from './tree/open-tree.js'
import type { Tree } from './tree/tree.js'
import { type UndoOptions, type UndoSettings, undoSettingsFrom } from './undo-options.js'

/** What came of an undo. Plain data. */
export interface UndoReport {
  readonly replica: string
  /** The run that was undone. */
  readonly run: string
  /** The run that the undo is itself, by which it can be undone; undefined for a dry run. */
  readonly undo: string | undefined
  readonly dryRun: boolean
  /** How many steps were taken back. */
  readonly steps: number
  /** What is to be known besides. */
  readonly problems: readonly Problem[]
}

interface Undoing {
  readonly settings: UndoSettings
  readonly replica: OpenedRoot
  readonly backup: OpenedRoot
  readonly problem: (found: Problem) => void
}

/**
 * Puts a replica back as it was before a run that kept what it overwrote in `backupDir`, and records that as a run of its
 * own. Where the replica was changed since, nothing is touched.
 *
 * @throws {SyncError} with 2 when there is no such run, 26 when the replica was changed since, 27 while another run writes
 * to it, 11 when the storage failed halfway
 */
export async function undoRun(options: UndoOptions): Promise<UndoReport> {
  const settings = undoSettingsFrom(options)
  const way = chooseWay(settings)
  const replica = openReplicaRoot(settings.replica, way)
  const problems: Problem[] = []
  const never = new AbortController().signal
  const lock = lockOnce(settings, settings.signal ?? never, found => problems.push(found))
  try {
    if (!settings.dryRun) await lock.take(replica)
    refuseBackupInRoots(settings.backupDir, way, {
      source: undefined,
      replica,
      replicaPath: settings.replica,
    })
    const backup = openBackupRoot(settings.backupDir, way, false)
    try {
      const tell = (found: Problem): void => void problems.push(found)
      return { ...(await undoIn({ settings, replica, backup, problem: tell })), problems }
    } finally {
      backup.close()
    }
  } finally {
    lock.letGo()
    replica.close()
  }
}

async function undoIn(undoing: Undoing): Promise<Omit<UndoReport, 'problems'>> {
  const { settings, replica, backup } = undoing
  const { device, inode } = replica.entry
  const runs = listRuns(backup.spec, { path: settings.replica, device, inode })
  const wanted = chooseRun(runs, settings)
  const run = openRun(backup.spec, wanted.id)
  try {
    const told = readRun(run.tree)
    requireUnchanged(undoing, run.tree, told, statesSince(undoing, runs, wanted))
    const { dryRun, onUndone } = settings
    let steps = 0
    let undo: string | undefined
    if (dryRun) {
      for (const record of told.toReversed()) {
        if (!('isSure' in record)) continue
        onUndone?.(...stepBack(record))
        steps += 1
      }
    } else {
      undo = await takeBack(undoing, run.tree, wanted, told, (done, path) => {
        steps += 1
        onUndone?.(done, path)
      })
    }
    return { replica: settings.replica, run: wanted.id, undo, dryRun, steps }
  } finally {
    run.close()
  }
}

function chooseRun(runs: readonly Run[], { run: id, replica, backupDir }: UndoSettings): Run {
  const where = `of the replica "${escapeName(replica)}" in "${escapeName(backupDir)}"`
  const found = id === undefined ? lastInForce(runs) : runs.find(run => run.id === id)
  if (found === undefined && id === undefined)
    throw invalid(`there is no run ${where} that could be undone: nothing was changed`)
  if (found === undefined) {
    const there = runs.slice(-3).map(run => run.id)
    const last = there.length === 0 ? 'there is none' : `the last ones are ${there.join(', ')}`
    throw invalid(`there is no run "${escapeName(id ?? '')}" ${where}: ${last}`)
  }
  const by = runs.find(run => run.undoes === found.id && run.isEnded)
  if (by === undefined) return found
  throw invalid(`run ${found.id} was undone already, by ${by.id}: to take that back, undo ${by.id}`)
}

/** What this run and those after it left: what they left is no change by somebody else. */
function statesSince({ backup }: Undoing, runs: readonly Run[], since: Run): KnownStates {
  const known = new KnownStates()
  for (const { id } of runs) {
    if (id < since.id) continue
    const run = openRun(backup.spec, id)
    try {
      known.add(readRun(run.tree))
    } finally {
      run.close()
    }
  }
  return known
}

const mostNamed = 3

function requireUnchanged(
  { settings, replica }: Undoing,
  run: Tree,
  told: readonly Told[],
  known: KnownStates,
): void {
  const look = looking(openTree(replica.spec), run)
  try {
    const where = `replica "${escapeName(settings.replica)}"`
    const changed = someOf(differences(told, known, look))
    if (changed !== undefined)
      throw refused(`${where} was changed since the run, at ${changed}: nothing was touched`)
    const lost = someOf(lostFromBackup(told, look))
    if (lost !== undefined)
      throw refused(`the backup no longer holds what the run kept of ${lost}: nothing was touched`)
  } finally {
    look.close()
  }
}

/** A few of what was found, as text. */
function someOf(found: Iterable<RelativePath>): string | undefined {
  const named = new Set<string>()
  for (const path of found) {
    if (named.size === mostNamed) return `${[...named].join(', ')} and elsewhere`
    named.add(path === '' ? 'its root' : `"${escapeName(path)}"`)
  }
  return named.size === 0 ? undefined : [...named].join(', ')
}

async function takeBack(
  { settings, replica, backup, problem: tellProblem }: Undoing,
  run: Tree,
  { id }: Run,
  told: readonly Told[],
  tell: (...done: ReturnType<typeof stepBack>) => void,
): Promise<string> {
  const own = new Backup(
    { path: settings.backupDir, replica: settings.replica, undoes: id },
    replica.spec.way,
  )
  own.begin(replica)
  const plain = openTree(replica.spec)
  const recorder = recorderOf({
    replica: plain,
    run: own.tree(),
    thread: '0',
    staging: undefined,
    isDurable: false,
  })
  const { tree } = recorder
  const [held, alsoHeld] = [new HeldDirectories(tree), new HeldDirectories(tree)]
  const runHeld = new HeldDirectories(run)
  const discard = (path: RelativePath): void => discardOwn(plain, path)
  const rights = ownerRights()
  const names = new OtherNames(plain, told)
  let isDone = false
  try {
    const steps = revert({ tree, held, alsoHeld, run, runHeld, rights, discard, tell, names }, told)
    await runInSlices(steps, new AbortController().signal)
    for (const one of names.missing()) tellProblem(lessNames(one))
    isDone = true
  } catch (error) {
    const message = `the undo of run ${id} failed halfway: ${meaningOf(error)}; mend that, and undo ${own.id} to get back what was there before`
    throw new SyncError('storage-failed', 11, message, { cause: error })
  } finally {
    for (const each of [held, alsoHeld, runHeld]) each.close()
    recorder.close()
    own.end(isDone)
  }
  // INVARIANT: what was kept goes only when what was made of it is on the storage: a power cut may take all that is not.
  bringToStorage(replica, id)
  removeKept(backup.spec, id)
  return own.id
}

/** Where a whole file system can be flushed: elsewhere the system is trusted to do it in time. */
function bringToStorage(replica: OpenedRoot, id: string): void {
  if (flushWayOf(replica) === 'each') return
  try {
    const tree = openTree(replica.spec)
    tree.flush(tree.root)
  } catch (error) {
    const message = `run ${id} is undone, but the storage of the replica failed to take that: ${meaningOf(error)}; what the run had kept stays in the backup`
    throw new SyncError('storage-failed', 11, message, { cause: error })
  }
}

function lessNames({ path, names, are }: LessNames): Problem {
  const message = `"${escapeName(path)}" was one file with ${names} names, and is one with ${are} now: it came back from a copy, and its other names are not in the replica, or came back by another undo`
  return problem('notice', 'replica', path, message)
}

function invalid(message: string): SyncError {
  return new SyncError('invalid-options', 2, message)
}

function refused(message: string): SyncError {
  return new SyncError('root-refused', 26, message)
}
