/** What a run with `backupDir` does besides: its folder is begun before the first change, and ended after the last. */
import { hasSteps, mainThread, newRunId, openRun, type OpenRun } from './backup/run-folder.js'
import { Journal } from './backup/journal.js'
import { wasOf } from './backup/records.js'
import { pruneRuns, removeRun } from './backup/prune.js'
import type { Entry } from './model/entry.js'
import type { Keep } from './model/keep.js'
import type { Name } from './model/path.js'
import type { HeldWay } from './model/report.js'
import { flushNamesOf, openBackupRoot, refuseBackupInRoots } from './tree/backup-root.js'
import type { OpenedRoot } from './tree/local.js'
import { openTree } from './tree/open-tree.js'
import type { Roots } from './tree/roots.js'
import type { Tree, TreeSpec } from './tree/tree.js'

export interface RunBackup {
  /** The folder of this run, once it is begun. */
  readonly spec: TreeSpec | undefined
  /** Begins the journal, before anything is changed. */
  begin(replica: OpenedRoot): void
  /** Told of the staging directory before it is made. */
  stages(name: Name): void
  /** Removes what older runs kept, as far as it is not to be kept. */
  prune(): void
  /** Ends the journal, when all threads have ended theirs. */
  end(): void
}

export interface BackupSettings {
  readonly replica: string
  readonly backupDir: string
  readonly keep: Keep | undefined
  readonly dryRun: boolean
  readonly durable: boolean
}

/** Looks whether what is overwritten can be kept there, and makes nothing yet. */
export function prepareBackup(
  { replica, backupDir, keep, dryRun, durable }: BackupSettings,
  roots: Pick<Roots, 'replica'> & { readonly source?: OpenedRoot },
  way: HeldWay,
): RunBackup | undefined {
  refuseBackupInRoots(backupDir, way, { source: roots.source, replica: roots.replica, replicaPath: replica })
  return dryRun ? undefined : new Backup({ path: backupDir, replica, keep, durable }, way)
}

/** Whose what is kept. */
interface BackupOf {
  readonly path: string
  readonly replica: string
  readonly keep?: Keep | undefined
  /** Whether its journal is to outlive a cut of the power. */
  readonly durable?: boolean
  /** The run that is undone. */
  readonly undoes?: string | undefined
}

export class Backup implements RunBackup {
  /** Empty until it is begun. */
  id = ''
  private readonly of: BackupOf
  private readonly way: HeldWay
  private root: OpenedRoot | undefined
  private run: OpenRun | undefined
  private journal: Journal | undefined
  private entry: Pick<Entry, 'device' | 'inode'> | undefined

  constructor(of: BackupOf, way: HeldWay) {
    this.of = of
    this.way = way
  }

  get spec(): TreeSpec | undefined {
    return this.run?.spec
  }

  /** The folder of this run; only once it is begun. */
  tree(): Tree {
    if (this.run === undefined) throw new Error('the run was not begun')
    return this.run.tree
  }

  begin({ entry, spec }: OpenedRoot): void {
    const root = (this.root = openBackupRoot(this.of.path, this.way, true))
    const tree = openTree(root.spec)
    this.id = newRunId(tree, Date.now())
    tree.makeDirectory(tree.root, this.id as Name)
    const run = (this.run = openRun(root.spec, this.id))
    const { replica, undoes, durable = false } = this.of
    const journal = (this.journal = new Journal(run.tree, mainThread, durable))
    const { device, inode } = (this.entry = entry)
    const { id } = this
    const numbers = { device: String(device), root: String(inode) }
    journal.write({ op: 'begin', version: 1, id, replica, ...numbers, undoes })
    const { root: there } = openTree(spec)
    journal.write({ op: 'directory', path: '', was: wasOf(there.stat(), there.xattrs()) })
    // The names of this folder, and of that of all runs, which may be new.
    if (!durable) return
    tree.root.flush()
    flushNamesOf(root, this.way)
  }

  stages(name: Name): void {
    this.journal?.write({ op: 'temporary', path: name })
  }

  prune(): void {
    const { keep, replica } = this.of
    if (keep === undefined || this.root === undefined || this.entry === undefined) return
    const { device, inode } = this.entry
    pruneRuns(this.root.spec, { path: replica, device, inode }, keep)
  }

  end(isDone = true): void {
    const { journal, run, root } = this
    try {
      if (journal === undefined || run === undefined || root === undefined) return
      try {
        if (isDone) journal.write({ op: 'end' })
      } finally {
        journal.close()
      }
      // Nothing was changed after all.
      if (isDone && this.of.undoes === undefined && !hasSteps(run.tree)) removeRun(root.spec, this.id)
    } finally {
      run?.close()
      root?.close()
      this.run = undefined
      this.root = undefined
    }
  }
}
