/** Makes a step by which an entry loses a name, and keeps the entry before: linked, so that there is no gap, or copied. */
import type { Entry } from '../model/entry.js'
import type { Name, RelativePath } from '../model/path.js'
import type { Directory } from '../tree/tree.js'
import type { Journal } from './journal.js'
import type { Keeper } from './keeper.js'
import type { Kept, Step } from './records.js'

/** What loses a name. */
export interface Losing {
  readonly directory: Directory
  readonly name: Name
  readonly path: RelativePath
  readonly entry: Entry
  /** What has the name now. */
  readonly now: () => Entry | undefined
}

export interface KeepingIn {
  readonly journal: Journal
  readonly keeper: Keeper
}

export function keepAround(
  keeping: KeepingIn,
  losing: Losing,
  stepOf: (kept: Kept) => Step,
  change: () => void,
): void {
  const { journal, keeper } = keeping
  const { directory, name, entry } = losing
  const linked = keeper.placeFor(entry)
  if (linked !== undefined) {
    // Told before it is linked: a kill between the two would leave a changed time that nobody knows.
    let isLinked = false
    around(keeping, losing, stepOf(linked), linked, () => {
      isLinked = keeper.link(directory, name, linked)
      if (isLinked) change()
    })
    if (isLinked) return
    journal.write({ op: 'failed' })
  }
  const kept = keeper.copy(directory, name, entry)
  around(keeping, losing, stepOf(kept), kept, change)
}

function around(
  { journal, keeper }: KeepingIn,
  { path, now }: Losing,
  step: Step,
  kept: Kept,
  change: () => void,
): void {
  try {
    journal.around(step, change)
  } catch (error) {
    keeper.drop(kept)
    // A name that comes and goes moves the time of its change.
    journal.now(path, now())
    throw error
  }
}
