/**
 * Any names of any files on both sides, some of them with a name outside the replica: after one run the names of one
 * file are the same in both, nothing outside was changed, and the next run has nothing to do.
 */
import { randomInt } from 'node:crypto'
import { linkSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { type Folders, mirror, settings, useFolders } from '../support/mirror.js'
import { rsyncDifferences } from '../support/rsync.js'
import { removeTree } from '../support/remove-tree.js'
import { directory, type EntryLiteral, file, hardLink, symlink } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const seed = Number(process.env['FACSIMILE_TEST_SEED'] ?? randomInt(2 ** 31))

/** Some in one directory, some in two, some where the replica may have a file or nothing. */
const paths = ['a', 'b', 'c', 'd/a', 'd/b', 'd/e/a', 'n/a', 'n/b', 'z'] as const
type Path = (typeof paths)[number]

/** What a path holds: a name of one of a few files, or a full directory, or nothing. */
type Held = number | 'directory' | undefined
type Side = { readonly held: readonly Held[]; readonly files: readonly EntryLiteral[] }
type Case = { readonly source: Side; readonly replica: Side; readonly outside: readonly Path[] }

/** Few contents (of different sizes, for time and size are all that is compared), modes and times, so that much is equal, and much differs in attributes alone. */
const content: fc.Arbitrary<EntryLiteral> = fc
  .record({
    text: fc.constantFrom('one', 'three', 'longer'),
    mode: fc.constantFrom(0o644, 0o600),
    mtime: fc.constantFrom('2001-01-01T00:00:00Z', '2002-02-02T00:00:00Z'),
    isLink: fc.nat(5).map(dice => dice === 0),
  })
  .map(({ text, mode, mtime, isLink }) => (isLink ? symlink(text, { mtime }) : file(text, { mode, mtime })))

const side: fc.Arbitrary<Side> = fc.record({
  held: fc.array(
    fc.oneof(
      { arbitrary: fc.nat(3), weight: 8 },
      { arbitrary: fc.constant(undefined), weight: 2 },
      { arbitrary: fc.constant('directory' as const), weight: 1 },
    ),
    { minLength: paths.length, maxLength: paths.length },
  ),
  files: fc.array(content, { minLength: 4, maxLength: 4 }),
})

/** Often the replica began as the source. */
const both: fc.Arbitrary<Case> = fc
  .record({
    source: side,
    replica: side,
    isAlike: fc.boolean(),
    alike: fc.array(fc.nat(9), { minLength: paths.length, maxLength: paths.length }),
    outside: fc.subarray([...paths]),
  })
  .map(({ source, replica, isAlike, alike, outside }) => {
    const held = source.held.map((each, index) => ((alike[index] ?? 0) > 2 ? each : replica.held[index]))
    return { source, outside, replica: isAlike ? { held, files: source.files } : replica }
  })

function write(folder: string, { held, files }: Side): void {
  const first = new Map<number, Path>()
  const below = new Map<string, Map<string, EntryLiteral>>([['', new Map()]])
  for (const [index, path] of paths.entries()) {
    const at = path.lastIndexOf('/')
    const [parent, name] = [path.slice(0, Math.max(0, at)), path.slice(at + 1)]
    const what = held[index]
    if (what === undefined) continue
    const level = levelOf(below, parent)
    const known = typeof what === 'number' ? first.get(what) : undefined
    if (what === 'directory') level.set(name, directory({ x: 'x', y: { z: '' } }))
    else if (known === undefined) level.set(name, files[what] ?? '')
    else level.set(name, hardLink(known))
    if (typeof what === 'number' && known === undefined) first.set(what, path)
  }
  writeTree(folder, directory(below.get('') ?? new Map(), { mtime: '2003-03-03T00:00:00Z' }))
}

function levelOf(below: Map<string, Map<string, EntryLiteral>>, path: string): Map<string, EntryLiteral> {
  const known = below.get(path)
  if (known !== undefined) return known
  const at = path.lastIndexOf('/')
  const made = new Map<string, EntryLiteral>()
  below.set(path, made)
  levelOf(below, path.slice(0, Math.max(0, at))).set(path.slice(at + 1), made)
  return made
}

/** Gives some files of the replica a name outside of it. */
function linkOutside({ path, replica }: Folders, which: readonly Path[]): void {
  mkdirSync(join(path, 'outside'))
  for (const each of which) {
    const from = join(replica, each)
    const stats = lstatSync(from, { throwIfNoEntry: false })
    if (stats?.isFile() === true || stats?.isSymbolicLink() === true)
      linkSync(from, join(path, 'outside', each.replaceAll('/', '-')))
  }
}

function outsideOf({ path }: Folders): readonly unknown[] {
  return readdirSync(join(path, 'outside')).map(name => {
    const at = join(path, 'outside', name)
    const { mode, mtimeNs, uid, isFile } = {
      ...lstatSync(at, { bigint: true }),
      isFile: lstatSync(at).isFile(),
    }
    return [name, mode, mtimeNs, uid, isFile ? readFileSync(at, 'utf8') : '']
  })
}

it.each(settings)(
  `names of one file are the same in both after one run ($held, $concurrency; seed ${seed})`,
  async setting => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(both, async ({ source, replica, outside }) => {
        const path = join(folders.path, String(run++))
        const where: Folders = { path, source: join(path, 'source'), replica: join(path, 'replica') }
        write(where.source, source)
        write(where.replica, replica)
        linkOutside(where, outside)
        const before = outsideOf(where)
        const allowed = { allowEmptySource: true }
        const { report, problems } = await mirror(where, setting, allowed)
        expect(problems).toEqual([])
        expect(report.residuals.map(({ attribute }) => attribute)).not.toContain('hard links')
        expectEqualTrees(where.source, where.replica, { hardLinks: true })
        expect(outsideOf(where)).toEqual(before)
        const second = await mirror(where, setting, allowed)
        expect(second.changes).toEqual([])
        expect((await rsyncDifferences(where.source, where.replica, ['-H'])) ?? []).toEqual([])
        removeTree(path)
      }),
      { seed, numRuns: setting.concurrency === 1 ? 50 : 10, interruptAfterTimeLimit: 20_000 },
    )
  },
)
