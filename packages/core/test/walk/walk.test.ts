import { describe, expect, it } from 'vitest'
import { NodeMark } from '../../src/model/node-mark.js'
import { joinPath, type Name } from '../../src/model/path.js'
import { problem } from '../../src/model/problem.js'
import type { WalkInput } from '../../src/walk/walk-input.js'
import { hostileNames } from '../../../../test/support/hostile-names.js'
import { fakeCompare, type FakeTree, walkFakes } from './fake-walk.js'

/** So deep that anything that recurses would break. */
function deepTree(depth: number): FakeTree {
  let tree: FakeTree = { end: null }
  for (let level = 0; level < depth; level += 1) tree = { d: tree }
  return tree
}

describe('one walk over both trees', () => {
  it('lists each directory once, and each side only where it is one', async () => {
    const requests: string[] = []
    const source = { both: { a: null }, new: { n: { x: null } }, turned: null, kept: { k: null } }
    const replica = { both: { b: null }, old: { o: { y: null } }, turned: { t: null }, kept: null }
    const compare = fakeCompare(source, replica)
    const { actions } = await walkFakes({
      compare: async request => {
        requests.push(`${request.path}:${Number(request.inSource)}${Number(request.inReplica)}`)
        return await compare(request)
      },
    })
    expect(requests.sort()).toEqual([
      ':11',
      'both:11',
      'kept:10',
      'new/n:10',
      'new:10',
      'old/o:01',
      'old:01',
      'turned:01',
    ])
    expect(actions).toEqual({
      both: 'same',
      new: 'create',
      turned: 'replace',
      kept: 'replace',
      old: 'delete',
      'both/a': 'create',
      'both/b': 'delete',
      'new/n': 'create',
      'new/n/x': 'create',
      'turned/t': 'delete',
      'kept/k': 'create',
      'old/o': 'delete',
      'old/o/y': 'delete',
    })
  })

  it.each<[what: string, tree: FakeTree, include: readonly string[]]>([
    ['every name there is', Object.fromEntries(hostileNames.map(name => [name, null])), ['**']],
    ['every name, matched one by one', Object.fromEntries(hostileNames.map(name => [name, null])), ['*']],
    [
      'directories of every name',
      Object.fromEntries(hostileNames.map(name => [name, { [name]: null }])),
      ['**'],
    ],
    [
      'directories of every name, matched',
      Object.fromEntries(hostileNames.map(name => [name, { [name]: null }])),
      ['**/*'],
    ],
  ])('hands on %s', async (_, source, include) => {
    const { matched, listed } = await walkFakes({ source, replica: source, include })
    const below = Object.entries(source).flatMap(([name, tree]) =>
      tree === null ? [] : [joinPath(name, name as Name)],
    )
    expect(matched).toEqual([...Object.keys(source), ...below].sort())
    expect(listed).toEqual(['', ...below.map(path => path.slice(0, (path.length - 1) / 2))].sort())
  })

  it('goes as deep as the trees do', async () => {
    const depth = 2000
    const source = deepTree(depth)
    const { listed, matched } = await walkFakes({ source, compare: fakeCompare(source, {}) })
    expect([listed.length, matched.length]).toEqual([depth + 1, depth + 1])
  })

  it('has no more directories under way than it is told', async () => {
    const source = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`d${index}`, { x: null }]))
    const compare = fakeCompare(source, {})
    let underWay = 0
    let most = 0
    const { listed } = await walkFakes({
      concurrency: 3,
      compare: async request => {
        underWay += 1
        most = Math.max(most, underWay)
        await Promise.resolve()
        underWay -= 1
        return await compare(request)
      },
    })
    expect([listed.length, most]).toEqual([51, 3])
  })

  it('lets others run within a very large directory', async () => {
    const source = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`f${index}`, null]))
    const compare = fakeCompare(source, {})
    let turns = 0
    const count = (): void => {
      turns += 1
      if (turns < 1000) setImmediate(count)
    }
    await walkFakes({
      compare: async request => {
        const compared = await compare(request)
        setImmediate(count)
        return compared
      },
    })
    expect(turns).toBeGreaterThanOrEqual(4)
    turns = 1000
  })
})

describe('include patterns', () => {
  const source = {
    src: { a: { x: null }, '.h': null },
    docs: { b: null },
    other: { src: { c: null } },
    file: null,
  }

  it.each<[include: readonly string[], matched: readonly string[], listed: readonly string[]]>([
    [
      ['src/**', 'docs/**'],
      ['docs/b', 'src/.h', 'src/a', 'src/a/x'],
      ['', 'docs', 'src', 'src/a'],
    ],
    [['src/a/x'], ['src/a/x'], ['', 'src', 'src/a']],
    [['./file'], ['file'], ['']],
    [['file'], ['file'], ['', 'docs', 'other', 'other/src', 'src', 'src/a']],
    [['./docs'], ['docs', 'docs/b'], ['', 'docs']],
    [['docs/'], ['docs', 'docs/b'], ['', 'docs', 'other', 'other/src', 'src', 'src/a']],
    [
      ['other/src/c', 'docs/b'],
      ['docs/b', 'other/src/c'],
      ['', 'docs', 'other', 'other/src'],
    ],
    [['./none'], [], ['']],
    [['.h'], ['src/.h'], ['', 'docs', 'other', 'other/src', 'src', 'src/a']],
    [['{src,docs}/*'], ['docs/b', 'src/.h', 'src/a', 'src/a/x'], ['', 'docs', 'src', 'src/a']],
  ])('%j: one walk that prunes', async (include, matched, listed) => {
    const found = await walkFakes({ source, replica: source, include })
    expect(found.matched).toEqual(matched)
    expect(found.listed).toEqual(listed)
  })

  it('match either side, by the kind of either', async () => {
    const { matched, actions } = await walkFakes({
      source: { d: null, e: {} },
      replica: { d: { x: null }, e: null, old: { y: null } },
      include: ['d/', 'e/', 'old/**'],
    })
    expect(matched).toEqual(['d', 'd/x', 'e', 'old/y'])
    expect(actions).toMatchObject({ d: 'replace', e: 'replace', 'd/x': 'delete', old: 'delete' })
  })

  it('of two that take the same entry list it once', async () => {
    const { listed } = await walkFakes({ source, include: ['src/**', './src', 'src/a/**', '**/x'] })
    expect(listed).toEqual([...new Set(listed)])
  })
})

describe('a directory whose names are shared', () => {
  const source = { first: null, second: { deeper: null }, third: null }
  const slice = { path: '', inSource: true, inReplica: false, names: '', sides: new Uint8Array(0) }
  const request = { path: '', inSource: true, inReplica: false }
  /** The root has one name, and leaves two slices to others. */
  const shared = (compareNames: WalkInput['compareNames']): Parameters<typeof walkFakes>[0] => ({
    compare: async asked => {
      if (asked.path !== '') return await fakeCompare(source, {})(asked)
      const compared = await fakeCompare({ first: null }, {})(asked)
      return { ...compared, more: ['second', 'third'].map(each => ({ ...slice, names: each })) }
    },
    compareNames,
  })

  it('has those that others looked at, too, all at once', async () => {
    const found: string[] = []
    const waiting: (() => void)[] = []
    const both = new Promise<void>(resolve => waiting.push(resolve))
    const { actions, listed, walked } = await walkFakes(
      shared(async ({ names: each }) => {
        found.push(each)
        if (found.length === 2) waiting[0]?.()
        await both
        const compared = await fakeCompare({ [each]: source[each as 'second'] }, {})(request)
        return { ...compared, unchanged: 3, marks: each === 'third' ? NodeMark.hole : 0 }
      }),
    )
    expect(found).toEqual(['second', 'third'])
    expect(actions).toEqual({ first: 'create', second: 'create', 'second/deeper': 'create', third: 'create' })
    expect(listed).toEqual(['', 'second'])
    expect([walked.unchanged, walked.hasHoles]).toEqual([6, true])
  })

  it('is no directory when one of them fails', async () => {
    const error = new Error('worker ended')
    for (const failing of ['second', 'third']) {
      const walking = walkFakes(
        shared(({ names: each }) =>
          each === failing ? Promise.reject(error) : fakeCompare({ [each]: null }, {})(request),
        ),
      )
      await expect(walking).rejects.toBe(error)
    }
  })
})

describe('what a directory reports', () => {
  it('adds up', async () => {
    const problems = [problem('notice', 'source', 'x', 'seen')]
    const residuals = [{ attribute: 'owner', count: 2, example: 'x' }] as const
    const told: unknown[] = []
    const counted: number[] = []
    const source = { a: { b: null }, c: null }
    const { walked } = await walkFakes({
      compare: fakeCompare(source, source, {
        unchanged: 5,
        problems,
        residuals,
        marks: NodeMark.listed | NodeMark.protects,
      }),
      onProblem: found => told.push(found),
      onCompared: entries => counted.push(entries),
    })
    expect(walked.unchanged).toBe(10)
    expect(walked.problems).toEqual([...problems, ...problems])
    expect(told).toEqual(walked.problems)
    expect(walked.residuals.list()).toEqual([{ attribute: 'owner', count: 4, example: 'x' }])
    expect(new Set(counted)).toEqual(new Set([6, 7]))
    expect(walked.root.marks).toBe(NodeMark.listed | NodeMark.protects)
    expect([walked.hasHoles, walked.meetsOtherRoot]).toEqual([false, undefined])
  })

  it.each<[mark: keyof typeof NodeMark, hasHoles: boolean, meetsOtherRoot: string | undefined]>([
    ['hole', true, undefined],
    ['unreadContent', true, undefined],
    ['vanished', false, undefined],
    ['replicaHole', false, undefined],
    ['protects', false, undefined],
    ['mounted', false, undefined],
    ['otherRoot', false, 'a'],
  ])('is a hole in the source: %s %s', async (mark, hasHoles, meetsOtherRoot) => {
    const source = { a: { b: null } }
    const plain = fakeCompare(source, {})
    const marked = fakeCompare(source, {}, { marks: NodeMark[mark] })
    const { walked } = await walkFakes({
      compare: async request => await (request.path === 'a' ? marked : plain)(request),
    })
    expect([walked.hasHoles, walked.meetsOtherRoot]).toEqual([hasHoles, meetsOtherRoot])
  })
})
