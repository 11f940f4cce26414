/**
 * The scope rules against a plain reading of them: what is created, what is left alone and what is deleted, for any
 * two trees and a handful of patterns.
 */
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Folders, mirror, settings, useFolders } from '../support/mirror.js'
import { readTree, type Snapshot } from '../support/read-tree.js'
import { removeTree } from '../support/remove-tree.js'
import type { TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const seed = Number(process.env['FACSIMILE_TEST_SEED'] ?? randomInt(2 ** 31))
const [setting] = settings
if (setting === undefined) throw new Error('no setting')

const names = ['a', 'b', 'c.x']
const name = fc.constantFrom(...names)
const tree: fc.Arbitrary<TreeLiteral> = fc.letrec<{ tree: TreeLiteral }>(tie => ({
  tree: fc.dictionary(name, fc.oneof({ maxDepth: 3 }, fc.constantFrom('one', 'other'), tie('tree')), {
    maxKeys: 3,
  }),
})).tree

/** Patterns in two forms: as the library takes them, and as the rules are said in words. */
type Rule = { readonly glob: string; readonly takes: (path: readonly string[]) => boolean }

const last = (path: readonly string[]): string => path.at(-1) ?? ''
const rule: fc.Arbitrary<Rule> = fc.oneof(
  name.map(it => ({ glob: it, takes: (path: readonly string[]) => last(path) === it })),
  name.map(it => ({
    glob: `./${it}`,
    takes: (path: readonly string[]) => path.length === 1 && last(path) === it,
  })),
  fc.tuple(name, name).map(([one, two]) => ({
    glob: `${one}/${two}`,
    takes: (path: readonly string[]) => path.join('/') === `${one}/${two}`,
  })),
  fc.tuple(name, name).map(([one, two]) => ({
    glob: `${one}/**/${two}`,
    takes: (path: readonly string[]) => path.length > 1 && path[0] === one && last(path) === two,
  })),
  fc.constant({ glob: '*.x', takes: (path: readonly string[]) => last(path).endsWith('.x') }),
  name.map(it => ({
    glob: `${it}/*`,
    takes: (path: readonly string[]) => path.length === 2 && path[0] === it,
  })),
)

/** A pattern also takes everything below what it takes. */
function isTaken(rules: readonly Rule[], path: string): boolean {
  const parts = path.split('/')
  return rules.some(({ takes }) => parts.some((_, at) => takes(parts.slice(0, at + 1))))
}

type Reading = {
  readonly include: readonly Rule[]
  readonly exclude: readonly Rule[]
  readonly deleteExcluded: boolean
}

/** What the replica must hold afterwards, by the words of the rules; undefined for the root. */
function expected(
  source: Snapshot,
  replica: Snapshot,
  { include, exclude, deleteExcluded }: Reading,
): Map<string, string> {
  const isExcluded = (path: string): boolean => isTaken(exclude, path)
  const isIncluded = (path: string): boolean => include.length === 0 || isTaken(include, path)
  const inSource = paths(source).filter(path => isIncluded(path) && !isExcluded(path))
  const wanted = new Set(
    inSource.flatMap(path => path.split('/').map((_, at, parts) => parts.slice(0, at + 1).join('/'))),
  )
  const isKept = (path: string): boolean => !isIncluded(path) || (isExcluded(path) && !deleteExcluded)
  const held = new Map<string, string>()
  for (const path of paths(replica)) {
    if (!isKept(path)) continue
    for (const at of path.split('/').keys()) {
      const above = path
        .split('/')
        .slice(0, at + 1)
        .join('/')
      held.set(above, shown(replica[above]))
    }
  }
  // What must stay is not made room of: where it is in the way of something else, that is withheld.
  for (const path of [...wanted].sort()) {
    const isBlocked = held.get(path) === 'directory' && source[path]?.kind !== 'directory'
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')))
    if (!isBlocked && (parent === '' || held.get(parent) === 'directory')) held.set(path, shown(source[path]))
  }
  return held
}

function paths(snapshot: Snapshot): string[] {
  return Object.keys(snapshot).filter(path => path !== '.')
}

function globs(rules: readonly Rule[]): string[] {
  return rules.map(({ glob }) => glob)
}

function shown(entry: Snapshot[string] | undefined): string {
  return entry?.kind === 'directory' ? 'directory' : (entry?.content ?? 'absent')
}

it(`includes and excludes do what the rules say (seed ${seed})`, async () => {
  let run = 0
  const rules = fc.array(rule, { maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(
      tree,
      tree,
      rules,
      rules,
      fc.boolean(),
      async (source, replica, include, exclude, deleteExcluded) => {
        const path = join(folders.path, String(run++))
        const where: Folders = { path, source: join(path, 'source'), replica: join(path, 'replica') }
        writeTree(where.source, source)
        writeTree(where.replica, replica)
        const reading = { include, exclude, deleteExcluded }
        const wanted = expected(readTree(where.source), readTree(where.replica), reading)
        await mirror(where, setting, {
          ...(include.length === 0 ? {} : { include: globs(include) }),
          exclude: globs(exclude),
          deleteExcluded,
          compare: 'content',
          allowEmptySource: true,
        })
        const after = readTree(where.replica)
        const found = new Map(paths(after).map(path => [path, shown(after[path])]))
        expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted))
        removeTree(path)
      },
    ),
    { seed, numRuns: 400, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false },
  )
})
