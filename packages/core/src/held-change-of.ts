/** One row of a plan as a held plan has it. */
import { cellsPerEntry, EntryReader } from './model/entry-cells.js'
import type { Entry } from './model/entry.js'
import { type HeldChange, heldEntry } from './model/held-plan.js'
import { renamedFrom } from './model/moves.js'
import { type PairTable, pathOfRow } from './model/pairs.js'
import type { Undecided } from './plan/hold-back.js'
import type { Roots } from './tree/roots.js'

/** The numbers of the devices that the roots lie on. */
export interface RootDevices {
  readonly source: bigint
  readonly replica: bigint | undefined
}

export function devicesOf({ source, replica }: Pick<Roots, 'source' | 'replica'>): RootDevices {
  return { source: source.entry.device, replica: replica?.entry.device }
}

export function heldChangeOf(
  { pairs, links, moves }: Pick<Undecided, 'pairs' | 'links' | 'moves'>,
  row: number,
  devices: RootDevices,
): HeldChange {
  const action = pairs.action(row)
  if (action === undefined) throw new RangeError(`row ${row} is no change`)
  const moved = moves.files.get(row)
  const linkedTo = links.to.get(row)
  return {
    action,
    path: pathOfRow(pairs, row),
    linkedTo: linkedTo === undefined ? undefined : pathOfRow(pairs, linkedTo),
    renamedFrom: renamedFrom(pairs, moves, row),
    before: heldEntry(pairs.replica(row), devices.replica),
    moved: moved === undefined ? undefined : heldEntry(entryAt(pairs, moved.at), devices.replica),
    after: action === 'delete' ? undefined : heldEntry(pairs.source(row), devices.source),
    oldNameStays: moved?.stays === true,
  }
}

function entryAt(pairs: PairTable, at: number): Entry {
  const cells = new BigInt64Array(cellsPerEntry)
  pairs.copyEntry(at, new Uint32Array(cells.buffer), 0)
  return new EntryReader(cells).read(0)
}
