/** A replica of which all changes are recorded, as literals, and what takes them back. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { readTree, type Snapshot } from '../../../../test/support/read-tree.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import type { TreeLiteral } from '../../../../test/support/tree-literal.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { OtherNames } from '../../src/backup/other-names.js'
import { readRun, type Told } from '../../src/backup/read-journal.js'
import { recorderOf, type RecordingOf } from '../../src/backup/recorder.js'
import { revert } from '../../src/backup/revert.js'
import { baseName, type Name, parentPath, type RelativePath } from '../../src/model/path.js'
import { HeldDirectories } from '../../src/tree/held-directories.js'
import type { Tree } from '../../src/tree/tree.js'
import { asRoot, openTree } from '../support/trees.js'

export interface Recorded {
  readonly tree: Tree
  readonly in: <T>(
    path: RelativePath,
    step: (parent: ReturnType<HeldDirectories['enter']>, name: Name) => T,
  ) => T
  readonly put: (path: RelativePath, literal?: string) => void
  readonly rename: (from: RelativePath, to: RelativePath) => void
}

export interface Ground {
  readonly replica: string
  readonly run: string
  readonly write: (literal: TreeLiteral) => Snapshot
  /** Makes changes as one thread does. */
  readonly record: (changes: (recorded: Recorded) => void, of?: Partial<RecordingOf>) => void
  readonly told: () => readonly Told[]
  readonly undo: (told?: readonly Told[]) => void
  readonly now: () => Snapshot
}

const none = (): void => undefined

export function useRecording(): Ground {
  const temporary = useTemporaryDirectory()
  const at = (name: string): string => join(temporary.path, name)
  const runFolder = (name: string): string => {
    mkdirSync(at(name), { recursive: true })
    return at(name)
  }
  let undos = 0
  const ground: Ground = {
    get replica() {
      return at('replica')
    },
    get run() {
      return runFolder('run')
    },
    write: literal => {
      writeTree(at('replica'), literal)
      return readTree(at('replica'))
    },
    record: (changes, of = {}) => {
      using replica = openTree(at('replica'))
      using run = openTree(runFolder('run'))
      const given = {
        replica: replica.tree,
        run: run.tree,
        thread: '0',
        staging: undefined,
        isDurable: false,
      }
      const recorder = recorderOf({ ...given, ...of })
      const { tree } = recorder
      const [held, other] = [new HeldDirectories(tree), new HeldDirectories(tree)]
      const into: Recorded['in'] = (path, step) => step(held.enter(parentPath(path)), baseName(path))
      try {
        changes({
          tree,
          in: into,
          put: (path, content = path) => {
            const temporaryName = `.facsimile-${'0'.repeat(32)}` as Name
            into(path, (parent, name) => {
              const file = tree.createFile(parent, temporaryName)
              const bytes = Buffer.from(content)
              file.write(bytes, bytes.length)
              file.close()
              tree.rename(parent, temporaryName, parent, name)
            })
          },
          rename: (from, to) => {
            tree.rename(
              held.enter(parentPath(from)),
              baseName(from),
              other.enter(parentPath(to)),
              baseName(to),
            )
            // What is held may have another path by now.
            for (const each of [held, other]) each.close()
          },
        })
      } finally {
        for (const each of [held, other]) each.close()
        recorder.close()
      }
    },
    told: () => {
      using run = openTree(runFolder('run'))
      return readRun(run.tree)
    },
    undo: (told = ground.told()) => {
      using replica = openTree(at('replica'))
      using run = openTree(runFolder('run'))
      using undo = openTree(runFolder(`undo-${undos++}`))
      const plain = replica.tree
      const recorder = recorderOf({
        replica: plain,
        run: undo.tree,
        thread: '0',
        staging: undefined,
        isDurable: false,
      })
      const { tree } = recorder
      const [held, alsoHeld, runHeld] = [tree, tree, run.tree].map(each => new HeldDirectories(each)) as [
        HeldDirectories,
        HeldDirectories,
        HeldDirectories,
      ]
      const names = new OtherNames(plain, told)
      const all = {
        tree,
        held,
        alsoHeld,
        run: run.tree,
        runHeld,
        rights: asRoot,
        discard: none,
        tell: none,
        names,
      }
      try {
        Array.from(revert(all, told))
      } finally {
        for (const each of [held, alsoHeld, runHeld]) each.close()
        recorder.close()
      }
    },
    now: () => readTree(at('replica')),
  }
  return ground
}
