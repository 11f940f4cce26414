import type { CaseName, Findings } from './result.js'

/** Where a case works, and how much. */
export type Bench = {
  readonly name: CaseName
  /** Empty, on a file system of its own where that can be had. */
  readonly folder: string
  readonly pairs: number
  /** A count or a size, to scale. */
  readonly scaled: (whole: number) => number
}

/** One thing that is measured. It leaves its folder to whoever runs it. */
export type Case = {
  /** A line for the help. */
  readonly about: string
  /** The most that it puts into its folder at full scale. */
  readonly bytes: number
  readonly run: (bench: Bench) => Promise<Findings>
}
