import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockSize, endAt, passHole, writeAroundZeros } from '../../src/apply/holes.js'
import { nodeHash } from '../../src/hash/node-crypto.js'
import { finish } from '../support/pairs.js'
import { type FileHandle, systemError } from '../support/trees.js'
import { failureOf } from './ground.js'

const mib = 1 << 20

/** Keeps what is written, and where. */
function recording(size: number): {
  readonly to: FileHandle
  readonly written: (readonly [at: number, length: number])[]
  readonly content: Buffer
} {
  const content = Buffer.alloc(size)
  const written: (readonly [number, number])[] = []
  let position = 0
  const to = {
    seek: (at: number) => {
      position = at
    },
    write: (from: Uint8Array, length: number) => {
      content.set(from.subarray(0, length), position)
      written.push([position, length])
      position += length
    },
  } as FileHandle
  return { to, written, content }
}

describe('what is written around zeros', () => {
  const block = fc.constantFrom('zero', 'data', 'ends in data', 'begins with data')

  it('is all but zero blocks, wherever a chunk begins and ends', () => {
    const parts = fc.array(block, { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(parts, fc.nat(3 * blockSize), fc.nat(blockSize - 1), (blocks, from, less) => {
        const all = Buffer.concat(
          blocks.map(each => {
            const bytes = Buffer.alloc(blockSize, each === 'data' ? 'x' : 0)
            if (each === 'ends in data') bytes[blockSize - 1] = 1
            if (each === 'begins with data') bytes[0] = 1
            return bytes
          }),
        )
        const position = Math.min(from, all.length)
        const chunk = all.subarray(position, Math.max(position, all.length - less))
        const { to, written, content } = recording(all.length)
        writeAroundZeros(to, chunk, position)
        expect(content.subarray(position, position + chunk.length).equals(chunk)).toBe(true)
        const touched = new Set(
          written.flatMap(([at, length]) =>
            Array.from(
              { length: Math.ceil((at + length) / blockSize) - Math.floor(at / blockSize) },
              (_, index) => Math.floor(at / blockSize) + index,
            ),
          ),
        )
        expect([...touched].filter(each => blocks[each] === 'zero')).toEqual([])
      }),
    )
  })

  it('is written at once where it is together', () => {
    const chunk = Buffer.concat([Buffer.alloc(3 * blockSize, 1), Buffer.alloc(blockSize), Buffer.from('end')])
    const { to, written } = recording(chunk.length)
    writeAroundZeros(to, chunk, 0)
    expect(written).toEqual([
      [0, 3 * blockSize],
      [4 * blockSize, 3],
    ])
  })

  it('is nothing when all is zero', () => {
    const { to, written } = recording(0)
    writeAroundZeros(to, Buffer.alloc(mib), 7 * mib)
    expect(written).toEqual([])
  })
})

describe('a hole', () => {
  const goOn = { isAborted: () => false }

  it.each([0, 1, mib - 1, mib, mib + 1, 3 * mib])('of %i bytes is as many zeros to a hash', size => {
    const running = nodeHash('md5')
    finish(passHole(goOn, running, size))
    expect(running.digest()).toBe(createHash('md5').update(Buffer.alloc(size)).digest('hex'))
  })

  it('is passed at once when there is no hash, and else in steps', () => {
    expect([...passHole(goOn, undefined, 2 ** 40)]).toHaveLength(0)
    expect([...passHole(goOn, nodeHash('md5'), 3 * mib)]).toHaveLength(3)
  })

  it('is left when the run is stopped', () => {
    const passing = passHole({ isAborted: () => true }, nodeHash('md5'), 2 ** 40)
    expect(failureOf(() => finish(passing))).toBe('source unstable')
  })
})

/** A file of so many bytes that cannot be made longer but by writing. */
function refusing(size: number, errno: string): ReturnType<typeof recording> {
  const recorded = recording(10)
  const stat = (): { readonly size: number } => ({ size })
  const setSize = (): never => {
    throw systemError(errno)
  }
  return { ...recorded, to: { ...recorded.to, stat, setSize } as unknown as FileHandle }
}

describe('the end of a file', () => {
  it('is set', () => {
    const sizes: number[] = []
    const { to } = refusing(5, 'EIO')
    const file = { ...to, setSize: (size: number) => void sizes.push(size) }
    for (const size of [7, 5, 3]) endAt(file, size)
    expect(sizes).toEqual([7, 3])
  })

  it('is written where a file system makes no file longer', () => {
    const { to, written } = refusing(5, 'EPERM')
    endAt(to, 10)
    expect(written).toEqual([[9, 1]])
  })

  it('is not touched where it is right', () => {
    endAt(refusing(10, 'EPERM').to, 10)
  })

  it.each([
    ['with another error', 5, 'ENOSPC'],
    ['although the file is longer', 11, 'EPERM'],
  ])('that is refused %s fails', (_, size, errno) => {
    const { to, written } = refusing(size, errno)
    expect(failureOf(() => endAt(to, 10))).toBe(errno)
    expect(written).toEqual([])
  })
})
