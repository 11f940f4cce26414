/** What one thread records with: its journal, what it keeps, and the replica as a tree of which all changes are told. */
import type { Name } from '../model/path.js'
import { HeldDirectories } from '../tree/held-directories.js'
import type { Tree } from '../tree/tree.js'
import { Journal } from './journal.js'
import { Keeper } from './keeper.js'
import { RecordingTree } from './recording-tree.js'

export interface RecordingOf {
  readonly replica: Tree
  /** The folder of the run. */
  readonly run: Tree
  readonly thread: string
  readonly staging: Name | undefined
  /** Whether what is told and kept is to outlive a cut of the power. */
  readonly isDurable: boolean
}

export interface Recorder {
  readonly tree: RecordingTree
  readonly journal: Journal
  /** Notes what became of the directories it touched. Nothing may be changed any more. */
  close(): void
}

export function recorderOf({ replica, run, thread, staging, isDurable }: RecordingOf): Recorder {
  const journal = new Journal(run, thread, isDurable)
  const keeper = new Keeper(run, replica, thread, isDurable)
  const tree = new RecordingTree(replica, journal, keeper, staging)
  return {
    tree,
    journal,
    close: () => {
      const held = new HeldDirectories(replica)
      try {
        for (const path of tree.touched) {
          try {
            journal.now(path, held.enter(path).stat())
          } catch {
            // It was removed, or moved, since.
          }
        }
      } finally {
        held.close()
        keeper.close()
        journal.close()
      }
    },
  }
}
