import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { expectSparse, type Stretch, storageOf, writeSparse } from '../../../../test/support/sparse-file.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { Buffers, type CopyContext } from '../../src/apply/context.js'
import { copyBytes, type CopiedBytes } from '../../src/apply/copy-bytes.js'
import { Refusals } from '../../src/apply/refusals.js'
import { nodeHash } from '../../src/hash/node-crypto.js'
import type { HeldWay } from '../../src/model/report.js'
import { finish } from '../support/pairs.js'
import { type FileHandle, name, openTree, systemError, ways, withFileOperations } from '../support/trees.js'
import { failureOf } from './ground.js'

const kib = 1 << 10
const mib = 1 << 20
const piece = 8 * mib
const temporary = useTemporaryDirectory()
const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end()
})

type Operations = (handle: FileHandle) => Partial<FileHandle>
type Planted = {
  readonly from?: Operations
  readonly to?: Operations
  readonly context?: Partial<CopyContext>
}

const source = (): string => join(temporary.path, 'f')
const copy = (): string => join(temporary.path, 'copy')
const hashed: Partial<CopyContext> = { hash: () => nodeHash('sha256') }
const filled = { settings: { hash: undefined, verify: false, sparse: false } } as const

function contextOf(some: Partial<CopyContext> = {}): CopyContext {
  return {
    hash: undefined,
    settings: { hash: undefined, verify: false, sparse: true },
    isAborted: () => false,
    buffers: new Buffers(),
    refused: new Refusals(),
    ...some,
  }
}

/** Copies `f` to `copy`, in steps. */
function copying(
  way: HeldWay,
  { from, to, context }: Planted = {},
  copyName = 'copy',
): Generator<void, CopiedBytes> {
  const { tree, opened } = openTree(temporary.path, way)
  const files = [tree.openFile(tree.root, name('f')), tree.createFile(tree.root, name(copyName))] as const
  ends.push(() => opened.close(), ...files.map(file => () => file.close()))
  return copyBytes(contextOf(context), {
    from: withFileOperations(files[0], from?.(files[0]) ?? {}),
    to: withFileOperations(files[1], to?.(files[1]) ?? {}),
    before: files[0].stat(),
    born: files[1].stat(),
  })
}

const copied = (...how: Parameters<typeof copying>): CopiedBytes => finish(copying(...how))

function refusing(errno: string): Operations {
  return () => ({
    copyFrom: () => {
      throw systemError(errno)
    },
  })
}

/** Does not tell where holes are. */
const unknowing: Operations = () => ({ nextData: (position, size) => ({ start: position, end: size }) })

/** Fails to share blocks, and leaves something behind. */
const beginning: Operations = handle => ({
  shareBlocks: () => {
    handle.setSize(mib)
    throw systemError('EIO')
  },
})

function sharing(size: number): Operations {
  return handle => ({ shareBlocks: () => handle.setSize(size) })
}

function broken(call: 'read' | 'seek' | 'nextData'): Operations {
  return () => ({
    [call]: () => {
      throw systemError('EIO')
    },
  })
}

/** Has nothing, whatever it says. */
const empty: Operations = () => ({ read: () => 0, nextData: (_, size) => ({ start: size, end: size }) })

const untouched = (): never => {
  throw new Error('touched')
}

function stopping(): { isAborted: () => boolean; asked: number } {
  const stop = { asked: 0, isAborted: () => ++stop.asked === 2 }
  return stop
}

/** Where the data lies, in a file of so many bytes. */
const layouts: readonly (readonly [what: string, data: (size: number) => readonly Stretch[]])[] = [
  ['at its beginning', size => [[2 * mib, size - 2 * mib]]],
  [
    'in its middle',
    size => [
      [0, mib + 1],
      [size - 5, 5],
    ],
  ],
  ['at its end', () => [[0, mib - 1]]],
  [
    'around its data',
    size => [
      [mib, 70 * kib],
      [size - mib, 3],
    ],
  ],
  ['and nothing else', () => []],
]
const holed = [3 * mib - 1, 3 * mib, 3 * mib + 1, piece + 2 * mib - 1, piece + 2 * mib + 1]

describe.each(ways)('what is copied, by %s,', way => {
  it.each([0, 1, 4095, 4096, 65_535, 65_536, 65_537, mib - 1, mib, mib + 1, piece - 1, piece, piece + 1])(
    'is %i bytes, as they are',
    size => {
      const content = Buffer.alloc(size, 'some content')
      writeFileSync(source(), content)
      expect(copied(way)).toEqual({ bytes: size, digest: undefined })
      expect(readFileSync(copy()).equals(content)).toBe(true)
      const digest = createHash('sha256').update(content).digest('hex')
      expect(copied(way, { context: hashed }, 'other')).toEqual({ bytes: size, digest })
    },
  )

  describe.each(layouts)('a file with a hole %s', (_, data) => {
    it.each(holed)('of %i bytes: keeps its holes, with and without a hash', size => {
      writeSparse(source(), size, data(size))
      expect(copied(way)).toEqual({ bytes: size, digest: undefined })
      expectSparse(copy(), size, data(size))
      const digest = createHash('sha256').update(readFileSync(source())).digest('hex')
      expect(copied(way, { context: hashed }, 'other')).toEqual({ bytes: size, digest })
      expectSparse(join(temporary.path, 'other'), size, data(size))
    })
  })

  it.each([2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1])('a hole of %i bytes', size => {
    const data: readonly Stretch[] = [
      [5, 10],
      [size - 1, 1],
    ]
    writeSparse(source(), size, data)
    expect(copied(way).bytes).toBe(size)
    expectSparse(copy(), size, data)
  })

  it.each([4096, 65_535, 65_536])('a hole of %i bytes stays one', size => {
    writeSparse(source(), size, [])
    copied(way)
    expect([statSync(copy()).size, storageOf(copy())]).toEqual([size, 0])
  })

  it('what is smaller than a block is not searched for holes', () => {
    writeSparse(source(), 4095, [])
    copied(way, { from: () => ({ nextData: untouched, seek: untouched }) })
    expect(statSync(copy()).size).toBe(4095)
  })

  it('holes are written out when they are not to be kept', () => {
    writeSparse(source(), 3 * mib, [[mib, 5]])
    let asked = 0
    const counted = (): never => {
      asked += 1
      throw systemError('ENOSYS')
    }
    copied(way, { to: () => ({ copyFrom: counted, shareBlocks: counted }), context: filled })
    expect(asked).toBe(0)
    expect(storageOf(copy())).toBeGreaterThanOrEqual(3 * mib)
    expect(readFileSync(copy()).equals(readFileSync(source()))).toBe(true)
  })

  it('zeros that take storage take it in the copy, too', () => {
    writeFileSync(source(), Buffer.alloc(3 * mib))
    copied(way, { context: hashed })
    expect(storageOf(copy())).toBeGreaterThanOrEqual(3 * mib)
  })

  it('zeros of a file whose holes nobody names are not written', () => {
    const data: readonly Stretch[] = [[mib + 5, 3 * mib]]
    writeSparse(source(), 6 * mib, data)
    copied(way, { from: unknowing })
    expectSparse(copy(), 6 * mib, data)
  })
})

const native = ways.filter(way => way === 'libc')

describe.each(native)('by %s', way => {
  it('neither holes nor what the system copies is read', () => {
    const size = 5 * mib
    writeSparse(source(), size, [[mib, mib]])
    let read = 0
    const counting: Operations = handle => ({
      read: (into, length) => {
        const count = handle.read(into, length)
        read += count
        return count
      },
    })
    copied(way, { from: counting })
    // One look at the last byte.
    expect(read).toBe(1)
    copied(way, { from: counting, context: hashed }, 'other')
    expect(read).toBe(1 + mib + 1)
  })

  it('a system that copies little at a time is asked on', () => {
    writeFileSync(source(), Buffer.alloc(mib + 1, 'content'))
    let calls = 0
    const short: Operations = handle => ({
      copyFrom: (from, length) => {
        calls += 1
        return handle.copyFrom(from, Math.min(length, 100_000))
      },
    })
    expect(copied(way, { to: short }).bytes).toBe(mib + 1)
    expect(calls).toBe(11)
    expect(readFileSync(copy()).equals(readFileSync(source()))).toBe(true)
  })

  it.each(['EXDEV', 'EOPNOTSUPP', 'ENOSYS', 'EPERM', 'EINVAL', 'EIO', 'EOVERFLOW', '0'])(
    'a system that stops copying in the middle (%s) has the rest read and written',
    errno => {
      const data: readonly Stretch[] = [
        [mib, 2 * piece],
        [2 * piece + 4 * mib, mib],
      ]
      writeSparse(source(), 2 * piece + 8 * mib, data)
      let calls = 0
      const failing: Operations = handle => ({
        copyFrom: (from, length) => {
          calls += 1
          if (calls === 1) return handle.copyFrom(from, length)
          if (errno === '0') return 0
          throw systemError(errno)
        },
      })
      copied(way, { to: failing })
      expectSparse(copy(), 2 * piece + 8 * mib, data)
    },
  )
})

describe.each(ways)('what is refused, by %s,', way => {
  it.each([
    ['EXDEV', 1],
    ['EOPNOTSUPP', 1],
    ['ENOTSUP', 1],
    ['ENOTTY', 1],
    ['ENOSYS', 1],
    ['EPERM', 1],
    ['EINVAL', 2],
  ] as const)('with %s is asked for %i times for two files', (errno, times) => {
    writeFileSync(source(), Buffer.alloc(70 * kib, 'content'))
    const asked = { copyFrom: 0, shareBlocks: 0 }
    const refuse = (call: keyof typeof asked) => (): never => {
      asked[call] += 1
      throw systemError(errno)
    }
    const to: Operations = () => ({ copyFrom: refuse('copyFrom'), shareBlocks: refuse('shareBlocks') })
    const context = { refused: new Refusals() }
    for (const each of ['copy', 'other']) {
      expect(copied(way, { to, context }, each).bytes).toBe(70 * kib)
      expect(readFileSync(join(temporary.path, each)).equals(readFileSync(source()))).toBe(true)
    }
    expect(asked).toEqual({ copyFrom: times, shareBlocks: times })
  })

  it('after it was begun leaves nothing of it behind', () => {
    writeFileSync(source(), Buffer.alloc(70 * kib, 'content'))
    copied(way, { to: beginning })
    expect(readFileSync(copy()).equals(readFileSync(source()))).toBe(true)
  })

  it.each(['ENOSPC', 'EDQUOT', 'EFBIG'])('for lack of room (%s) is the failure of the replica', errno => {
    writeSparse(source(), 4 * mib, [[mib, mib]])
    const to: Operations = handle => ({
      ...refusing(errno)(handle),
      write: () => {
        throw systemError(errno)
      },
    })
    expect(failureOf(() => copied(way, { to }))).toBe(errno)
    const cut: Operations = () => ({
      setSize: size => {
        if (size > 0) throw systemError(errno)
      },
    })
    expect(failureOf(() => copied(way, { to: cut }, 'other'))).toBe(errno)
  })

  it('by the source when it is read is its own', () => {
    writeSparse(source(), 4 * mib, [[mib, mib]])
    const to = refusing('EIO')
    for (const [index, call] of (['read', 'seek', 'nextData'] as const).entries()) {
      expect(failureOf(() => copied(way, { from: broken(call), to }, `copy ${index}`))).toBe('source EIO')
    }
  })
})

describe.each(ways)('what shares the blocks of the source, by %s,', way => {
  it('is not copied', () => {
    writeFileSync(source(), Buffer.alloc(mib, 'content'))
    const to: Operations = handle => ({ ...sharing(mib)(handle), copyFrom: untouched, write: untouched })
    expect(copied(way, { from: () => ({ read: untouched }), to })).toEqual({ bytes: mib, digest: undefined })
  })

  it.each([0, mib - 1, mib + 1])('is not taken when it holds %i bytes, which it did not before', size => {
    writeFileSync(source(), Buffer.alloc(mib, 'content'))
    expect(failureOf(() => copied(way, { to: sharing(size) }))).toBe('source unstable')
  })

  it.each([
    ['of a small file', 65_535, {}],
    ['when a hash is asked for', mib, hashed],
  ] as const)('are not asked for: %s', (_, size, context) => {
    writeFileSync(source(), Buffer.alloc(size, 'content'))
    expect(copied(way, { to: () => ({ shareBlocks: untouched, copyFrom: untouched }), context }).bytes).toBe(
      size,
    )
  })
})

describe.each(ways)('a source that does not keep still, by %s:', way => {
  const size = 6 * mib
  const changes: readonly (readonly [what: string, change: () => void])[] = [
    ['grows', () => appendFileSync(source(), 'x')],
    ['shrinks', () => truncateSync(source(), size - 1)],
    ['shrinks to where it has been read', () => truncateSync(source(), 2 * mib)],
    ['shrinks to nothing', () => truncateSync(source(), 0)],
  ]

  it.each(changes.flatMap(change => [[...change, hashed] as const, [...change, {}] as const]))(
    '%s when its data is looked for (%#)',
    (_, change, context) => {
      writeSparse(source(), size, [
        [mib, mib],
        [4 * mib, 5],
      ])
      const from: Operations = handle => ({
        nextData: (position, of) => {
          const found = handle.nextData(position, of)
          change()
          return found
        },
      })
      expect(failureOf(() => copied(way, { from, context }))).toBe('source unstable')
    },
  )

  it.each(changes)('%s while the system copies it', (_, change) => {
    writeFileSync(source(), Buffer.alloc(size, 'content'))
    const to: Operations = handle => ({
      copyFrom: (from, length) => {
        change()
        return handle.copyFrom(from, length)
      },
    })
    expect(failureOf(() => copied(way, { to }))).toBe('source unstable')
  })

  it('has no data any more where it had some', () => {
    writeSparse(source(), size, [[mib, mib]])
    const from: Operations = () => ({ nextData: () => ({ start: mib, end: mib }) })
    expect(failureOf(() => copied(way, { from }))).toBe('source unstable')
  })

  it('never had the size it tells', () => {
    writeSparse(source(), size, [])
    expect(failureOf(() => copied(way, { from: empty }))).toBe('source unstable')
  })
})

describe.each(ways)('an abort, by %s,', way => {
  it.each([
    [
      'between two stretches of data',
      [
        [mib, 4096],
        [3 * mib, 4096],
        [5 * mib, 4096],
      ],
      {},
    ],
    ['in a hole that a hash is told of', [], hashed],
    ['in the middle of data', [[0, 5 * mib]], hashed],
  ] as const)('%s ends it', (_, data, context) => {
    writeSparse(source(), 7 * mib, data)
    const stop = stopping()
    expect(failureOf(() => copied(way, { context: { ...context, isAborted: stop.isAborted } }))).toBe(
      'source unstable',
    )
    expect(stop.asked).toBe(2)
  })

  it('between two stretches of data that are read ends it', () => {
    writeSparse(source(), 7 * mib, [
      [mib, 4096],
      [3 * mib, 4096],
      [5 * mib, 4096],
    ])
    const stop = stopping()
    const planted = { to: refusing('EXDEV'), context: { isAborted: stop.isAborted } }
    expect(failureOf(() => copied(way, planted))).toBe('source unstable')
  })

  it('between two pieces that the system copies ends it', () => {
    writeFileSync(source(), Buffer.alloc(3 * mib, 'content'))
    const stop = stopping()
    const to: Operations = handle => ({
      copyFrom: (from, length) => {
        const part = Buffer.alloc(Math.min(length, mib))
        const count = from.read(part, part.length)
        handle.write(part, count)
        return count
      },
    })
    expect(failureOf(() => copied(way, { to, context: { isAborted: stop.isAborted } }))).toBe(
      'source unstable',
    )
    expect(statSync(copy()).size).toBe(2 * mib)
  })
})
