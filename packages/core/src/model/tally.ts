/** Counts of what the replica cannot be given, with one example each; adds up across directories and threads. */
import type { RelativePath } from './path.js'
import type { ResidualAttribute } from './report.js'

export interface Tallied {
  readonly attribute: ResidualAttribute
  readonly count: number
  readonly example: RelativePath
}

export class Tally {
  private readonly counts = new Map<ResidualAttribute, { count: number; readonly example: RelativePath }>()

  add(attribute: ResidualAttribute, example: RelativePath, count = 1): void {
    const known = this.counts.get(attribute)
    if (known === undefined) this.counts.set(attribute, { count, example })
    else known.count += count
  }

  addAll(tallied: readonly Tallied[]): void {
    for (const { attribute, count, example } of tallied) this.add(attribute, example, count)
  }

  /** Plain data, in the order in which attributes were first met. */
  list(): readonly Tallied[] {
    return [...this.counts].map(([attribute, { count, example }]) => ({ attribute, count, example }))
  }
}
