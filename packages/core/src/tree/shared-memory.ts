/**
 * What several threads read of one tree, kept in a bounded memory that all of them see: the first that wants something
 * claims it, reads it and puts it here; the others wait for that and get what it got. What was put first is given up first,
 * so whoever comes too late reads for itself, and holds nobody.
 *
 * One lock guards all of it, held for as long as a few numbers are looked up and one piece is copied. Pieces lie in a ring,
 * each in one stretch; what is known of each is in a slot, found by a table of chains.
 *
 * INVARIANT: nobody waits for more than the reading of the source, and never for long: whoever has a claim writes nothing.
 */
import type { Entry } from '../model/entry.js'

/** What a piece is of: which file, as it was when it was looked at, and where in it. */
export interface ReadKey extends Pick<Entry, 'device' | 'inode' | 'mtimeNs' | 'ctimeNs' | 'size'> {
  /** Where it begins; -1 for the names in a directory. */
  readonly at: number
}

/** The duty to {@link SharedMemory.put} what was read, or to {@link SharedMemory.drop} it. */
export interface Claim {
  readonly slot: number
}

/** `busy`: somebody else is reading it. `alone`: read it, and keep it to yourself. */
export type Taken = Claim | 'had' | 'busy' | 'alone'

/** What is kept at most, in bytes of content and names. */
export const sharedBytes: number = 64 << 20

const slotCount = 1 << 15
const bucketCount = 1 << 15
/** A larger piece would take the room of too many others. */
const mostOf = 4
const longestWaitMs = 1000

const [lockAt, usedAt, freeAt, oldestAt, newestAt, headAt, controls] = [0, 1, 2, 3, 4, 5, 16]
/** What the lock can be. */
const [free, taken, awaited] = [0, 1, 2]
/** Of a slot: odd while it is claimed; who follows in its chain; who was put after it; where, how long, how much was asked for. */
const [stateOf, nextOf, youngerOf, startOf, lengthOf, askedOf, bucketOf, slotInts] = [0, 1, 2, 3, 4, 5, 6, 8]
const slotKeys = 6
const intBytes = (controls + bucketCount + slotCount * slotInts) * Int32Array.BYTES_PER_ELEMENT
const keyBytes = slotCount * slotKeys * BigInt64Array.BYTES_PER_ELEMENT

/** The memory itself: plain data, which goes to every thread. The system gives room to what of it is used. */
export function makeSharedMemory(bytes: number = sharedBytes): SharedArrayBuffer {
  return new SharedArrayBuffer(intBytes + keyBytes + bytes)
}

/** One thread's view of it. */
export class SharedMemory {
  private readonly ints: Int32Array
  private readonly keys: BigInt64Array
  private readonly bytes: Uint8Array
  /** Whether this thread may be put to sleep; else it is told that somebody else is reading. */
  private readonly mayWait: boolean

  constructor(memory: SharedArrayBuffer, mayWait: boolean) {
    this.ints = new Int32Array(memory, 0, intBytes / Int32Array.BYTES_PER_ELEMENT)
    this.keys = new BigInt64Array(memory, intBytes, slotCount * slotKeys)
    this.bytes = new Uint8Array(memory, intBytes + keyBytes)
    this.mayWait = mayWait
  }

  /**
   * Gives a piece to `use`, valid only during the call; or says who is to read it. A piece that is short because less was
   * asked for, and not because the file ends, is none for who asks for more.
   */
  take(key: ReadKey, asked: number, use: (piece: Uint8Array) => void): Taken {
    const wanted = numbersOf(key)
    const until = performance.now() + longestWaitMs
    for (;;) {
      const [found, slot, state] = this.locked(() => this.tryTake(wanted, asked, use))
      if (found !== 'busy' || !this.mayWait) return found
      const left = until - performance.now()
      if (left <= 0) return found
      Atomics.wait(this.ints, this.cell(slot, stateOf), state, left)
    }
  }

  /** Keeps what was read: all that there was where it is less than was asked for. */
  put({ slot }: Claim, piece: Uint8Array, asked: number): void {
    this.locked(() => {
      const start = this.makeRoom(piece.length)
      if (start === undefined) return this.endClaim(slot, () => this.unchain(slot))
      this.bytes.set(piece, start)
      this.endClaim(slot, () => this.append(slot, { start, length: piece.length, asked }))
    })
  }

  /** Somebody else may try. */
  drop({ slot }: Claim): void {
    this.locked(() => this.endClaim(slot, () => this.unchain(slot)))
  }

  private endClaim(slot: number, how: () => void): void {
    how()
    Atomics.add(this.ints, this.cell(slot, stateOf), 1)
    Atomics.notify(this.ints, this.cell(slot, stateOf))
  }

  private append(slot: number, piece: { start: number; length: number; asked: number }): void {
    this.set(slot, startOf, piece.start)
    this.set(slot, lengthOf, piece.length)
    this.set(slot, askedOf, piece.asked)
    this.set(slot, youngerOf, 0)
    const newest = this.ints[newestAt] ?? 0
    if (newest === 0) this.ints[oldestAt] = slot
    else this.set(newest, youngerOf, slot)
    this.ints[newestAt] = slot
  }

  private tryTake(
    wanted: BigInt64Array,
    asked: number,
    use: (piece: Uint8Array) => void,
  ): readonly [taken: Taken, slot: number, state: number] {
    const bucket = bucketFor(wanted)
    for (let slot = this.ints[controls + bucket] ?? 0; slot !== 0; slot = this.get(slot, nextOf)) {
      if (!this.isOf(slot, wanted)) continue
      const state = this.get(slot, stateOf)
      if (state % 2 !== 0) return ['busy', slot, state]
      const length = this.get(slot, lengthOf)
      if (length < asked && this.get(slot, askedOf) < asked) return ['alone', slot, state]
      const start = this.get(slot, startOf)
      use(this.bytes.subarray(start, start + length))
      return ['had', slot, state]
    }
    const slot = this.newSlot()
    if (slot === 0) return ['alone', 0, 0]
    this.keys.set(wanted, (slot - 1) * slotKeys)
    this.set(slot, bucketOf, bucket)
    this.set(slot, nextOf, this.ints[controls + bucket] ?? 0)
    this.ints[controls + bucket] = slot
    Atomics.add(this.ints, this.cell(slot, stateOf), 1)
    return [{ slot }, slot, 0]
  }

  private isOf(slot: number, wanted: BigInt64Array): boolean {
    const from = (slot - 1) * slotKeys
    for (let index = 0; index < slotKeys; index++) if (this.keys[from + index] !== wanted[index]) return false
    return true
  }

  /** 0 when all are claimed. */
  private newSlot(): number {
    const used = this.ints[usedAt] ?? 0
    if (used < slotCount) return (this.ints[usedAt] = used + 1)
    if (this.ints[freeAt] === 0 && !this.giveUpOldest()) return 0
    const slot = this.ints[freeAt] ?? 0
    this.ints[freeAt] = this.get(slot, nextOf)
    return slot
  }

  /** Where so many bytes have room in one stretch; undefined when they are too many. */
  private makeRoom(length: number): number | undefined {
    const size = this.bytes.length
    if (length > size / mostOf) return undefined
    for (;;) {
      const oldest = this.ints[oldestAt] ?? 0
      const head = oldest === 0 ? 0 : (this.ints[headAt] ?? 0)
      const tail = oldest === 0 ? size : this.get(oldest, startOf)
      // What is kept goes round the end of the ring, or ends before it.
      const isRound = oldest !== 0 && head < tail
      let start: number | undefined
      if (oldest === 0 || isRound) start = head + length < tail ? head : undefined
      else if (head + length <= size) start = head
      else if (length < tail) start = 0
      if (start !== undefined) {
        this.ints[headAt] = start + length
        return start
      }
      this.giveUpOldest()
    }
  }

  private giveUpOldest(): boolean {
    const slot = this.ints[oldestAt] ?? 0
    if (slot === 0) return false
    const younger = this.get(slot, youngerOf)
    this.ints[oldestAt] = younger
    if (younger === 0) this.ints[newestAt] = 0
    this.unchain(slot)
    return true
  }

  /** Nobody finds it any more. */
  private unchain(slot: number): void {
    const bucket = this.get(slot, bucketOf)
    const next = this.get(slot, nextOf)
    let before = this.ints[controls + bucket] ?? 0
    if (before === slot) this.ints[controls + bucket] = next
    else {
      while (this.get(before, nextOf) !== slot) before = this.get(before, nextOf)
      this.set(before, nextOf, next)
    }
    this.set(slot, nextOf, this.ints[freeAt] ?? 0)
    this.ints[freeAt] = slot
  }

  /** Runs a few steps while no other thread runs any of these. */
  private locked<T>(steps: () => T): T {
    const { ints } = this
    if (Atomics.compareExchange(ints, lockAt, free, taken) !== free) {
      while (Atomics.exchange(ints, lockAt, awaited) !== free) Atomics.wait(ints, lockAt, awaited)
    }
    try {
      return steps()
    } finally {
      if (Atomics.exchange(ints, lockAt, free) === awaited) Atomics.notify(ints, lockAt, 1)
    }
  }

  private cell(slot: number, field: number): number {
    return controls + bucketCount + (slot - 1) * slotInts + field
  }

  private get(slot: number, field: number): number {
    return this.ints[this.cell(slot, field)] ?? 0
  }

  private set(slot: number, field: number, value: number): void {
    this.ints[this.cell(slot, field)] = value
  }
}

function numbersOf({ device, inode, mtimeNs, ctimeNs, size, at }: ReadKey): BigInt64Array {
  return BigInt64Array.of(device, inode, mtimeNs, ctimeNs, BigInt(size), BigInt(at))
}

function bucketFor(wanted: BigInt64Array): number {
  const ints = new Int32Array(wanted.buffer)
  let mixed = 0
  for (const each of ints) mixed = Math.imul(mixed ^ each, 0x9e3779b1) ^ (mixed >>> 15)
  return (mixed >>> 0) % bucketCount
}
