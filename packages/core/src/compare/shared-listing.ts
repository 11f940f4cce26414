/**
 * The names in a directory of the source, listed once for several replicas: whoever comes first lists, and the others get
 * its list, if the directory is still what it was before that began.
 *
 * INVARIANT: only for what is looked at first. What is missing from such a list is looked for once more in the directory
 * itself before anything is deleted (law L1, `prove-absence.ts`).
 */
import type { Name } from '../model/path.js'
import type { Claim, SharedMemory } from '../tree/shared-memory.js'
import { keyOf } from '../tree/shared-reads.js'
import type { Directory } from '../tree/tree.js'
import { type HeldSide, namesIn } from './list-sides.js'

/** So often others have their turn before who waits for a list makes one of its own. */
const mostTurns = 1000
/** No name holds it. */
const separator = '/'

/** Takes the place of {@link namesIn}. */
export function sharingLists(memory: SharedMemory): typeof namesIn {
  return function* (side, directory) {
    const key = keyOf(directory.stat(), -1)
    if (key === undefined) return yield* namesIn(side, directory)
    for (let turn = 0; turn < mostTurns; turn++) {
      let names: Name[] = []
      const taken = memory.take(key, 0, piece => (names = decode(piece)))
      if (taken === 'had') return names
      if (taken === 'alone') break
      if (taken !== 'busy') return yield* listFor(memory, taken, side, directory)
      yield
    }
    return yield* namesIn(side, directory)
  }
}

function* listFor(
  memory: SharedMemory,
  claim: Claim,
  side: Pick<HeldSide, 'tree'>,
  directory: Directory,
): Generator<void, Name[]> {
  let isKept = false
  try {
    const before = directory.stat()
    const names = yield* namesIn(side, directory)
    const after = directory.stat()
    if (before.mtimeNs === after.mtimeNs && before.ctimeNs === after.ctimeNs) {
      memory.put(claim, encode(names), 0)
      isKept = true
    }
    return names
  } finally {
    if (!isKept) memory.drop(claim)
  }
}

/** By units of two bytes: names that are not UTF-8 have lone surrogates. */
function encode(names: readonly Name[]): Buffer {
  return Buffer.from(names.join(separator), 'utf16le')
}

function decode(piece: Uint8Array): Name[] {
  if (piece.length === 0) return []
  // A copy: text is not made of memory that others write to.
  return Buffer.from(piece).toString('utf16le').split(separator) as Name[]
}
