/** Reads both sides of a pair to their ends, as far as they are alike, and says what they hold in a few bytes. */
import type { HashFactory } from '../hash/running-hash.js'
import type { FileHandle } from '../tree/tree.js'
import { fill } from './sparse-content.js'

const chunkSize = 1 << 20
const smallChunk = 1 << 16

export interface ReadBoth {
  readonly isSame: boolean
  /** Undefined where it was not read to its end. */
  readonly source: bigint | undefined
  readonly replica: bigint | undefined
}

type Readable = Pick<FileHandle, 'read'>

export interface Reading {
  readonly source: Readable
  readonly replica: Readable
  readonly size: number
  readonly hash: HashFactory
  /** Or by their bytes. */
  readonly comparesByHash: boolean
  /** Both are read to their ends, also when they differ. */
  readonly wantsBoth: boolean
}

/** Kept, as nobody else is let in while they are used. */
let smallBuffers: readonly [source: Buffer, replica: Buffer] | undefined

export function* readBoth(reading: Reading): Generator<void, ReadBoth> {
  const { source, replica, size, hash, comparesByHash, wantsBoth } = reading
  const isSmall = size < smallChunk
  if (isSmall) smallBuffers ??= [Buffer.allocUnsafeSlow(smallChunk), Buffer.allocUnsafeSlow(smallChunk)]
  const [a, b] =
    isSmall && smallBuffers !== undefined
      ? smallBuffers
      : [Buffer.allocUnsafe(chunkSize), Buffer.allocUnsafe(chunkSize)]
  const [ofSource, ofReplica] = [hash(), hash()]
  const expected = isSmall ? size : -1
  const tellsApart = comparesByHash || wantsBoth
  let isSame = true
  while (true) {
    // Of a small file one call reads all, and what a short read ends with is not asked for more.
    const count = fill(source, a, expected)
    const there = fill(replica, b, expected)
    const [bytes, bytesThere] = [a.subarray(0, count), b.subarray(0, there)]
    if (count !== there || (!comparesByHash && isSame && !bytes.equals(bytesThere))) isSame = false
    if (!isSame && !wantsBoth) return { isSame, source: undefined, replica: undefined }
    ofSource.update(bytes)
    if (tellsApart) ofReplica.update(bytesThere)
    if (count < a.length && there < b.length) break
    if (!isSmall) yield
  }
  const [inSource, inReplica] = [cellOf(ofSource.digest()), tellsApart ? ofReplica.digest() : undefined]
  if (inReplica === undefined) return { isSame, source: inSource.cell, replica: inSource.cell }
  const there = cellOf(inReplica)
  if (comparesByHash && inSource.whole !== there.whole) isSame = false
  return { isSame, source: inSource.cell, replica: there.cell }
}

const digitsPerCell = 16

/** As much of a digest as a cell holds. */
function cellOf(digest: string): { readonly whole: string; readonly cell: bigint } {
  return { whole: digest, cell: BigInt.asIntN(64, BigInt(`0x${digest.slice(0, digitsPerCell)}`)) }
}
