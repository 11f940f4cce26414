import { describe, expect, it } from 'vitest'
import { type ReadingTools, RememberedFiles } from '../../src/compare/remembered-files.js'
import { nodeHash } from '../../src/hash/node-crypto.js'
import { reasonBit } from '../../src/model/change.js'
import type { ContentSetup } from '../../src/model/content-setup.js'
import type { Entry } from '../../src/model/entry.js'
import type { ComparedContents } from '../../src/model/jobs.js'
import type { Name } from '../../src/model/path.js'
import type { Problem } from '../../src/model/problem.js'
import { encodeDirectory, RememberedDirectory } from '../../src/tree/content-records.js'
import { entry } from '../support/pairs.js'

type Side = 'source' | 'replica'
const recentNs = 10n ** 20n
const name = 'x' as Name

/** What both sides hold, and are. */
interface Pair {
  readonly holds: Readonly<Record<Side, string>>
  readonly source?: Partial<Entry>
  readonly replica?: Partial<Entry>
  readonly setup?: Partial<ContentSetup>
}

interface Told {
  readonly isUnchanged: boolean
  readonly found: number | string | undefined
  readonly problems: readonly string[]
  /** What is remembered afterwards. */
  readonly memory: SharedArrayBuffer | undefined
}

/** One run over a directory with one file. */
function look(memory: SharedArrayBuffer | undefined, { holds, source, replica, setup }: Pair): Told {
  const files = new RememberedFiles(
    {
      memory,
      hash: 'sha256',
      comparesByHash: false,
      sourceDevice: 1n,
      replicaDevice: 1n,
      recentNs,
      scrub: undefined,
      ...setup,
    },
    () => nodeHash('sha256'),
    toolsFor(holds),
    memory === undefined ? {} : { contentsAt: 0 },
  )
  const sides = {
    source: entry({ size: holds.source.length, ...source }),
    replica: entry({ size: holds.replica.length, ...replica }),
  }
  const problems: Problem[] = []
  const isUnchanged = files.isUnchanged({ name, path: 'x', ...sides })
  const question = { name, path: 'x', entry: sides.source } as Parameters<typeof files.compare>[0]
  const steps = isUnchanged ? undefined : files.compare(question, sides.replica, problems)
  let step = steps?.next()
  while (step?.done === false) step = steps?.next()
  const found = step?.value
  const all = typeof found === 'object' ? [...problems, found] : problems
  return {
    isUnchanged,
    found: typeof found === 'object' ? found.code : (found ?? undefined),
    problems: all.map(({ code, side }) => `${code} ${side}`),
    memory: afterwards(memory, files.result()),
  }
}

function readable(text: string): { readonly read: (into: Uint8Array, length: number) => number } {
  let rest = Buffer.from(text)
  return {
    read: (into, length) => {
      const count = rest.copy(into, 0, 0, length)
      rest = rest.subarray(count)
      return count
    },
  }
}

function toolsFor(holds: Pair['holds']): ReadingTools {
  return {
    shown: path => path,
    *withBoth(_, step) {
      const pair = { source: readable(holds.source), replica: readable(holds.replica) }
      return yield* step(pair as unknown as Parameters<typeof step>[0])
    },
  }
}

function afterwards(
  memory: SharedArrayBuffer | undefined,
  { kept = new Uint32Array(), freshNames, freshCells }: ComparedContents,
): SharedArrayBuffer | undefined {
  const before = memory === undefined ? undefined : new RememberedDirectory(memory, 0).pick(kept)
  const names = [...(before?.names ?? []), ...(freshNames === undefined ? [] : [freshNames])]
  if (names.length === 0) return undefined
  expect(names).toEqual([name])
  const bytes = encodeDirectory('', names.join('/'), freshCells ?? before?.cells ?? new BigInt64Array())
  const shared = new SharedArrayBuffer(bytes.length)
  new Uint8Array(shared).set(bytes)
  return shared
}

const alike: Pair = { holds: { source: 'good', replica: 'good' } }
const remembered = (): SharedArrayBuffer | undefined => look(undefined, alike).memory
const everything = { setup: { scrub: { from: 0, share: 1_000_000 } } }

describe('a file', () => {
  it('that was found equal is not read again', () => {
    expect(look(undefined, alike)).toMatchObject({ isUnchanged: false, found: 0, problems: [] })
    expect(look(remembered(), alike)).toMatchObject({ isUnchanged: true, problems: [] })
  })

  it('is read when its turn comes, and remembered on', () => {
    const again = look(remembered(), { ...alike, ...everything })
    expect(again).toMatchObject({ isUnchanged: false, found: 0, problems: [] })
    expect(look(again.memory, alike).isUnchanged).toBe(true)
  })

  it.each<Partial<Pair>>([
    { source: { ctimeNs: 1n } },
    { source: { mtimeNs: 1n } },
    { source: { inode: 7n } },
    { source: { device: 2n } },
    { replica: { ctimeNs: 1n } },
    { replica: { device: 2n } },
  ])('that is another one is read: %o', other => {
    expect(look(remembered(), { ...alike, ...other }).isUnchanged).toBe(false)
  })

  it.each([
    { source: { mtimeNs: recentNs } },
    { source: { ctimeNs: recentNs } },
    { replica: { ctimeNs: recentNs + 1n } },
    { source: { size: 2 ** 31, allocated: 0 }, replica: { size: 2 ** 31 } },
  ])('is not remembered when it may change without a trace, or is nothing but holes: %o', sides => {
    expect(look(undefined, { ...alike, ...sides }).memory).toBeUndefined()
  })

  it('that differs is copied, and not remembered', () => {
    const told = look(undefined, { holds: { source: 'good', replica: 'bad!' } })
    expect(told).toMatchObject({ found: reasonBit('content'), problems: [], memory: undefined })
  })

  it('that was written, and given its time again, is copied', () => {
    const told = look(remembered(), { holds: { source: 'next', replica: 'good' }, source: { ctimeNs: 1n } })
    expect(told).toMatchObject({ found: reasonBit('content'), problems: [] })
  })
})

describe('rot', () => {
  it('in the replica is told, and mended', () => {
    const told = look(remembered(), { holds: { source: 'good', replica: 'bad!' }, ...everything })
    expect(told).toMatchObject({ found: reasonBit('content'), problems: ['rot replica'] })
  })

  it('on both sides is told of both, and nothing copied', () => {
    const told = look(remembered(), { holds: { source: 'bad!', replica: 'bad!' }, ...everything })
    expect(told).toMatchObject({ found: 'rot', problems: ['rot replica', 'rot source'] })
  })

  const rotten: Pair = { holds: { source: 'bad!', replica: 'good' } }

  it('in the source is told, and from then on by each run, whatever becomes of the copy', () => {
    const first = look(remembered(), { ...rotten, ...everything })
    expect(first).toMatchObject({ found: 'rot', problems: ['rot source'] })
    const second = look(first.memory, rotten)
    expect(second).toMatchObject({ isUnchanged: false, found: 'rot', problems: ['rot source'] })
    const touched = look(second.memory, { ...rotten, replica: { ctimeNs: 1n } })
    expect(touched).toMatchObject({ found: 'rot', problems: ['rot source'] })
    expect(look(touched.memory, { ...rotten, replica: { ctimeNs: 2n } }).found).toBe('rot')
  })

  it('ends when the file is as it was, or written anew', () => {
    const { memory } = look(remembered(), { ...rotten, ...everything })
    const whole = look(memory, alike)
    expect(whole).toMatchObject({ isUnchanged: false, found: 0, problems: [] })
    expect(look(whole.memory, alike).isUnchanged).toBe(true)
    const written = look(memory, { ...rotten, source: { ctimeNs: 1n } })
    expect(written).toMatchObject({ found: reasonBit('content'), problems: [], memory: undefined })
  })
})
