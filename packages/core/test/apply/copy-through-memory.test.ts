import type { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { Buffers } from '../../src/apply/context.js'
import { chunkSize, copyThroughMemory } from '../../src/apply/copy-through-memory.js'
import { Refusals } from '../../src/apply/refusals.js'
import { finish } from '../support/pairs.js'
import type { FileHandle } from '../support/trees.js'
import { failureOf } from './ground.js'

const context = {
  hash: undefined,
  settings: { hash: undefined, verify: false, sparse: true },
  isAborted: () => false,
  buffers: new Buffers(),
  refused: new Refusals(),
} as const

/** A source of so many bytes, and how much was asked of it at a time; the copy, and how much it was given. */
function files(size: number): {
  readonly from: FileHandle
  readonly to: FileHandle
  readonly asked: number[]
  readonly written: number[]
} {
  const asked: number[] = []
  const written: number[] = []
  let left = size
  const from = {
    read: (_: Uint8Array, length: number) => {
      asked.push(length)
      const count = Math.min(left, length)
      left -= count
      return count
    },
  } as FileHandle
  const to = { write: (_: Uint8Array, length: number) => void written.push(length) } as FileHandle
  return { from, to, asked, written }
}

describe('what is copied through memory', () => {
  it.each<[size: number, asked: readonly number[]]>([
    [0, [65_536]],
    [5, [65_536]],
    [65_535, [65_536]],
    [65_536, [chunkSize]],
    [chunkSize, [chunkSize, chunkSize]],
    [chunkSize + 1, [chunkSize, chunkSize]],
  ])('is a file of %i bytes: no more reads than it takes to see its end', (size, reads) => {
    const { from, to, asked, written } = files(size)
    const copying = { context, from, to, expected: size, running: undefined }
    finish(copyThroughMemory(copying, { start: 0, end: size }))
    expect(asked).toEqual(reads)
    expect(written.reduce((sum, each) => sum + each, 0)).toBe(size)
  })

  it('is a stretch, and nothing of what comes behind it', () => {
    const { from, to, asked, written } = files(10 * chunkSize)
    const copying = { context, from, to, expected: 10 * chunkSize, running: undefined }
    finish(copyThroughMemory(copying, { start: 5, end: chunkSize + 12 }))
    expect([asked, written]).toEqual([
      [chunkSize, 7],
      [chunkSize, 7],
    ])
  })

  it.each([
    ['more', 6],
    ['less', 4],
  ])('is not what holds %s than it did', (_, size) => {
    const { from, to } = files(size)
    const copying = { context, from, to, expected: 5, running: undefined }
    expect(failureOf(() => finish(copyThroughMemory(copying, { start: 0, end: 5 })))).toBe('source unstable')
  })

  it('leaves zeros out where it is told to', () => {
    const { from, to, written } = files(3 * chunkSize)
    const zero = { ...from, read: (into: Buffer, length: number) => from.read(into.fill(0), length) }
    const copying = { context, from: zero, to, expected: 3 * chunkSize, running: undefined }
    finish(copyThroughMemory(copying, { start: 0, end: 3 * chunkSize }, true))
    expect(written).toEqual([])
  })
})
