/** What the bench finds out: plain data, as it goes to docs/benchmarks.json. */

/** In the order they are run. */
export const caseNames = [
  'start',
  'nothing',
  'plain',
  'million',
  'changed',
  'first',
  'copiers',
  'deep',
  'wide',
  'directory',
  'large',
  'sparse',
  'reflink',
  'rename',
  'checksum',
  'remembered',
  'delete',
  'empty',
  'loop',
  'workers',
  'memory',
] as const

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
  /** What is tried for, beyond the goal. */
  readonly target?: number
  readonly samples: readonly number[]
  readonly itsSamples?: readonly number[]
}

/** A figure of facsimile alone, as something grows: seconds by workers, or megabytes by entries. */
export type Point = {
  readonly case: CaseName
  readonly by: 'workers' | 'entries'
  readonly what: string
  readonly at: number
  /** The median over the rounds. */
  readonly value: number
  readonly samples: readonly number[]
}

/** A peer that a case does without, or a whole case. */
export type LeftOut = {
  readonly case: CaseName
  readonly what: string
  readonly why: string
}

export type Findings = {
  readonly figures: readonly Figure[]
  readonly points?: readonly Point[]
  readonly leftOut?: readonly LeftOut[]
}

export type BenchResult = Required<Findings> & {
  readonly date: string
  readonly machine: Readonly<Record<string, string>>
  readonly versions: Readonly<Record<string, string>>
  readonly pairs: number
  readonly scale: number
  readonly notes: readonly string[]
}

export type Verdict = 'missed' | 'met' | 'target met'

/** How a figure stands to its goal and its target; undefined where neither is set. */
export function verdictOn({ goal, target, ratio, value }: Figure): Verdict | undefined {
  const found = ratio ?? value
  if (goal === undefined) return undefined
  if (found > goal) return 'missed'
  return target !== undefined && found <= target ? 'target met' : 'met'
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  const lower = sorted[Math.ceil(middle) - 1] ?? upper
  return (lower + upper) / 2
}
