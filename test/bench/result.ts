/** What the bench finds out: plain data, as it goes to docs/benchmarks.json. */

/** In the order they are run. */
export const caseNames = ['start', 'nothing', 'first', 'changed', 'large', 'empty', 'loop'] as const

export type CaseName = (typeof caseNames)[number]

export type Unit = 's' | 'ms' | 'MB'

/** A figure of facsimile, alone or against that of another program in the same rounds. */
export type Figure = {
  readonly case: CaseName
  readonly what: string
  readonly unit: Unit
  /** The median over the rounds. */
  readonly value: number
  readonly against?: string
  readonly itsValue?: number
  /** The median of the rounds' own ratios: below 1, facsimile takes less. */
  readonly ratio?: number
  /** The most that the ratio may be or, where there is none, the value. */
  readonly goal?: number
  readonly samples: readonly number[]
  readonly itsSamples?: readonly number[]
}

export type BenchResult = {
  readonly date: string
  readonly machine: Readonly<Record<string, string>>
  readonly versions: Readonly<Record<string, string>>
  readonly pairs: number
  readonly scale: number
  readonly notes: readonly string[]
  readonly figures: readonly Figure[]
}

/** Whether a figure keeps to its goal; undefined where none is set. */
export function isMet({ goal, ratio, value }: Figure): boolean | undefined {
  return goal === undefined ? undefined : (ratio ?? value) <= goal
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  const lower = sorted[Math.ceil(middle) - 1] ?? upper
  return (lower + upper) / 2
}
