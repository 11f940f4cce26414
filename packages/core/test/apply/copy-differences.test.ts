import { Buffer } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { Buffers } from '../../src/apply/context.js'
import { copyDifferences, type Differences } from '../../src/apply/copy-differences.js'
import { Refusals } from '../../src/apply/refusals.js'
import { nodeHash } from '../../src/hash/node-crypto.js'
import { AbortFlag } from '../../src/run/abort-flag.js'
import { RateLimit } from '../../src/run/rate-limit.js'
import { finish } from '../support/pairs.js'
import { type FileHandle, name, openTree, ways, withFileOperations } from '../support/trees.js'
import { failureOf } from './ground.js'

const kib = 1 << 10
const mib = 1 << 20
const block = 4 * kib
const temporary = useTemporaryDirectory()

interface Compared extends Differences {
  /** Where each write began, and how long it was. */
  readonly writes: readonly (readonly [at: number, length: number])[]
  readonly digest: string
  readonly content: Buffer
}

type Operations = (handle: FileHandle) => Partial<FileHandle>

/** Makes a file that holds one thing equal to one that holds another. */
function compare(
  way: (typeof ways)[number],
  [held, wanted]: readonly [Buffer, Buffer],
  {
    from,
    isAborted = () => false,
    rate,
  }: { readonly from?: Operations; readonly isAborted?: () => boolean; readonly rate?: RateLimit } = {},
): Compared {
  writeFileSync(join(temporary.path, 'f'), wanted)
  writeFileSync(join(temporary.path, 'copy'), held)
  const { tree, opened } = openTree(temporary.path, way)
  const source = tree.openFile(tree.root, name('f'))
  const copy = tree.reopenFile(tree.root, name('copy'))
  const writes: [number, number][] = []
  let at = 0
  const to = withFileOperations(copy, {
    seek: position => copy.seek((at = position)),
    write: (bytes, length) => {
      writes.push([at, length])
      copy.write(bytes, length)
    },
  })
  const running = nodeHash('sha256')
  try {
    const done = finish(
      copyDifferences(
        {
          context: {
            hash: undefined,
            settings: { hash: undefined, verify: false, sparse: true },
            isAborted,
            buffers: new Buffers(),
            refused: new Refusals(),
            rate,
          },
          from: withFileOperations(source, from?.(source) ?? {}),
          to,
          expected: wanted.length,
          running,
          isSparse: false,
        },
        held.length,
      ),
    )
    return { ...done, writes, digest: running.digest(), content: readFileSync(join(temporary.path, 'copy')) }
  } finally {
    source.close()
    copy.close()
    opened.close()
  }
}

function edited(content: Buffer, ...places: readonly (readonly [at: number, length: number])[]): Buffer {
  const copy = Buffer.from(content)
  for (const [at, length] of places)
    copy.set(
      content.subarray(at, at + length).map(byte => ~byte),
      at,
    )
  return copy
}

/** Makes nobody wait, and tells what was taken. */
class Taken extends RateLimit {
  readonly bytes: number[] = []

  constructor() {
    super({ bytesPerSecond: 16 * mib, shared: new SharedArrayBuffer(8) }, new AbortFlag(), false)
  }

  override *take(bytes: number): Generator<void> {
    this.bytes.push(bytes)
    yield
  }
}

const shortly: Operations = handle => ({
  read: (into, length) => handle.read(into, Math.min(length, 70_001)),
})
const ended: Operations = () => ({ read: () => 0 })

describe.each(ways)('what differs (%s)', way => {
  const wanted = randomBytes(3 * mib + 100)

  it.each<[what: string, held: Buffer, writes: readonly (readonly [number, number])[]]>([
    ['nothing', wanted, []],
    ['a byte', edited(wanted, [5 * block + 7, 1]), [[5 * block, block]]],
    ['the end of a block and the begin of the next', edited(wanted, [block - 1, 2]), [[0, 2 * block]]],
    ['the last bytes', edited(wanted, [3 * mib + 99, 1]), [[3 * mib, 100]]],
    [
      'two places',
      edited(wanted, [0, 1], [2 * mib, 1]),
      [
        [0, block],
        [2 * mib, block],
      ],
    ],
  ])('%s: is written, and nothing else', (_what, held, writes) => {
    const done = compare(way, [held, wanted])
    expect(done.writes).toEqual(writes)
    expect(done.written).toBe(writes.reduce((sum, [, length]) => sum + length, 0))
    expect(done.reached).toBe(wanted.length)
    expect(done.content.equals(wanted)).toBe(true)
    const whole = nodeHash('sha256')
    whole.update(wanted)
    expect(done.digest).toBe(whole.digest())
  })

  it('short reads write no more than the blocks that differ', () => {
    const held = edited(wanted, [mib + 3 * block, 10])
    const done = compare(way, [held, wanted], { from: shortly })
    expect(done.content.equals(wanted)).toBe(true)
    expect(done.written).toBe(block)
  })

  it('a beginning is compared up to its end', () => {
    const done = compare(way, [edited(wanted.subarray(0, mib + 10), [mib, 1]), wanted])
    expect([done.reached, done.written]).toEqual([mib + 10, 10])
    expect(done.content.equals(wanted.subarray(0, mib + 10))).toBe(true)
  })

  it('what is longer is compared up to the end of the source', () => {
    const done = compare(way, [Buffer.concat([wanted, Buffer.from('more')]), wanted])
    expect([done.reached, done.writes]).toEqual([wanted.length, []])
  })

  it('a limit of bytes a second is for what is written, and not for what is only compared', () => {
    const rate = new Taken()
    const done = compare(way, [edited(wanted, [5 * block, 1], [2 * mib, 2 * block]), wanted], { rate })
    expect(done.content.equals(wanted)).toBe(true)
    expect(rate.bytes).toEqual([block, 2 * block])
  })

  it('a source that shrinks meanwhile is no source', () => {
    expect(failureOf(() => compare(way, [wanted, wanted], { from: ended }))).toBe('source unstable')
  })

  it('an abort ends it between two pieces', () => {
    let asked = 0
    const isAborted = (): boolean => ++asked > 2
    expect(failureOf(() => compare(way, [wanted, wanted], { isAborted }))).toBe('source unstable')
  })
})
