/** What counts as changed, what hashers tell, and what verifying finds. */
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Hasher, SyncOptions } from '@facsimile/core'
import { describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import {
  describeEachSetting,
  expectNothingLeft,
  mirror,
  settings,
  shownChange,
  shownProblem,
  useFolders,
} from '../support/mirror.js'
import { file, symlink, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const [first] = settings
if (first === undefined) throw new Error('no setting')

const kib = 1024
/** Around the sizes where reading and hashing change their ways. */
const sizes = [
  0,
  1,
  64 * kib - 1,
  64 * kib,
  64 * kib + 1,
  kib * kib - 1,
  kib * kib,
  kib * kib + 1,
  3 * kib * kib + 7,
]
const sized: TreeLiteral = Object.fromEntries(
  sizes.map(size => [`${size} bytes`, Buffer.alloc(size, `content of ${size} bytes, `)]),
)

/** A hash of the caller's own: what Node calls `name`, told in capitals. */
function ownHasher(name: string): Hasher {
  return {
    name: `own ${name}`,
    create: async () => {
      const hash = createHash(name)
      return {
        update: async chunk => {
          await Promise.resolve()
          hash.update(chunk)
        },
        digest: () => hash.digest('hex').toUpperCase(),
      }
    },
  }
}

async function digests(
  options: Partial<SyncOptions>,
  setting = first,
): Promise<Record<string, string | undefined>> {
  const found: Record<string, string | undefined> = {}
  await mirror(folders, setting ?? (settings[0] as never), {
    ...options,
    on: { outcome: ({ change, digest }) => void (found[change.path] = digest) },
  })
  return found
}

describeEachSetting('comparison', setting => {
  it('C12: by metadata takes equal size and time for equal; by content finds and mends the difference', async () => {
    writeTree(folders.source, { f: 'right content', g: 'same' })
    writeTree(folders.replica, { f: 'other content', g: 'same' })
    await expectNothingLeft(folders, setting)
    expect(readFileSync(join(folders.replica, 'f'), 'utf8')).toBe('other content')
    for (const hasher of [undefined, 'xxh64', 'sha256', ownHasher('md5')]) {
      writeTree(folders.replica, { f: 'other content' })
      const options: Partial<SyncOptions> = {
        compare: 'content',
        ...(hasher === undefined ? {} : { hasher }),
      }
      const { changes } = await mirror(folders, setting, options)
      expect(changes.map(shownChange)).toContain('update f')
      expectEqualTrees(folders.source, folders.replica)
      await expectNothingLeft(folders, setting, options)
    }
  })

  it('T14: by content finds a difference in the last byte of any size, and equal files of any size equal', async () => {
    writeTree(folders.source, sized)
    await mirror(folders, setting)
    const last = new Map(
      sizes.slice(1).map(size => {
        const content = Buffer.alloc(size, `content of ${size} bytes, `)
        content[size - 1] = 0
        return [`${size} bytes`, file(content)]
      }),
    )
    await expectNothingLeft(folders, setting, { compare: 'content' })
    writeTree(folders.replica, last)
    const { report } = await mirror(folders, setting, { compare: 'content' })
    expect(report.changes.update.done).toBe(sizes.length - 1)
    expectEqualTrees(folders.source, folders.replica)
  })

  it('by content repairs a time without writing content', async () => {
    writeTree(folders.source, { f: 'same', l: symlink('x') })
    writeTree(folders.replica, { f: file('same', { mtime: '2001-01-01T00:00:00Z' }), l: symlink('y') })
    const { report, changes } = await mirror(folders, setting, { compare: 'content' })
    expect(changes.map(shownChange)).toEqual(['metadata f', 'update l'])
    expect(report.bytes).toBe(0)
    expectEqualTrees(folders.source, folders.replica)
  })

  it("by the caller's function asks for each file of both sides, and only for those", async () => {
    writeTree(folders.source, {
      equal: 'a longer content',
      differs: 'same',
      new: 'n',
      l: symlink('x'),
      d: { deep: 'x' },
    })
    writeTree(folders.replica, {
      equal: 'short',
      differs: 'same',
      old: 'o',
      l: symlink('x'),
      d: { deep: 'x' },
    })
    const asked: string[] = []
    const compare: SyncOptions['compare'] = async (source, replica, path) => {
      await Promise.resolve()
      asked.push(`${path} ${source.size} ${replica.size}`)
      return path !== 'differs'
    }
    const { changes } = await mirror(folders, setting, { compare })
    expect(asked.sort()).toEqual(['d/deep 1 1', 'differs 4 4', 'equal 16 5'])
    expect(changes.map(shownChange)).toEqual(['update differs', 'create new', 'delete old'])
    expect(readFileSync(join(folders.replica, 'equal'), 'utf8')).toBe('short')
  })
})

describeEachSetting('a hasher', setting => {
  it.each([
    ['xxh64', { a: 'd24ec4f1a98c6e5b', empty: 'ef46db3751d8e999' }],
    [
      'sha1',
      { a: '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8', empty: 'da39a3ee5e6b4b0d3255bfef95601890afd80709' },
    ],
  ])('%s tells the digest of each file copied', async (hasher, expected) => {
    writeTree(folders.source, { a: 'a', empty: '', d: { link: symlink('a') } })
    expect(await digests({ hasher }, setting)).toEqual({
      '': undefined,
      d: undefined,
      'd/link': undefined,
      ...expected,
    })
  })

  it("of the caller's own gets each file's bytes in order, whatever its size", async () => {
    writeTree(folders.source, sized)
    const found = await digests({ hasher: ownHasher('sha256') }, setting)
    for (const size of sizes) {
      const content = readFileSync(join(folders.source, `${size} bytes`))
      expect(found[`${size} bytes`]).toBe(createHash('sha256').update(content).digest('hex').toUpperCase())
    }
  })
})

describeEachSetting('verify', setting => {
  it('S12: finds other bytes in the replica than were read: the old version stays (28)', async () => {
    writeTree(folders.source, { f: 'new content', g: 'g' })
    writeTree(folders.replica, { f: 'old' })
    const garbled = { side: 'replica', call: 'handle.write', times: 1, garbles: true } as const
    const { report, problems } = await mirror(folders, setting, { verify: true }, [garbled])
    expect(report.exitCode).toBe(28)
    expect(problems.map(shownProblem)).toEqual(['verify-failed f'])
    expect(readFileSync(join(folders.replica, 'f'), 'utf8')).toBe('old')
    await mirror(folders, setting, { verify: true })
    expectEqualTrees(folders.source, folders.replica)
  })

  it.each([undefined, 'xxh64', 'sha256'])(
    'T14: finds nothing wrong with a good copy of any size (%s)',
    async hasher => {
      writeTree(folders.source, sized)
      const { report } = await mirror(folders, setting, {
        verify: true,
        ...(hasher === undefined ? {} : { hasher }),
      })
      expect(report.exitCode).toBe(0)
      expectEqualTrees(folders.source, folders.replica)
    },
  )
})

describe('reads that give less than was asked for', () => {
  it.each([1, 1000, 65_537])('S11: are asked again: %d bytes at a time', async most => {
    writeTree(folders.source, sized)
    const short = { side: 'source', call: 'handle.read', most } as const
    const few = most === 1 ? { exclude: ['??????* bytes'] } : {}
    await mirror(folders, first, few, [short])
    expectEqualTrees(folders.source, folders.replica, { ignore: path => most === 1 && path.length > 11 })
    const { changes } = await mirror(folders, first, { ...few, compare: 'content' }, [
      short,
      { ...short, side: 'replica' },
    ])
    expect(changes).toEqual([])
  })
})
