import type { Figure } from './result.js'

/** Where a case works, and how much. */
export type Bench = {
  readonly folder: string
  readonly pairs: number
  /** A count or a size, to scale. */
  readonly scaled: (whole: number) => number
}

/** One thing that is measured. It leaves its folder to whoever runs it. */
export type Case = (bench: Bench) => Promise<readonly Figure[]>
