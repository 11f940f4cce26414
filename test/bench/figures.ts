/** Figures from measurements: medians over the rounds, and how they may stand to those of others. */
import type { Bench } from './case.js'
import type { Measured } from './measure.js'
import { type Figure, median } from './result.js'
import type { Measurements } from './rounds.js'

export type Bound = { readonly atMost: number; readonly target?: number }

/** A median with what it is of. */
export function medianOf(samples: readonly number[]): Pick<Figure, 'value' | 'samples'> {
  return { value: median(samples), samples }
}

export function boundBy(bound: Bound | undefined): Pick<Figure, 'goal' | 'target'> {
  if (bound === undefined) return {}
  return { goal: bound.atMost, ...(bound.target === undefined ? {} : { target: bound.target }) }
}

/** Against what another program took in the same rounds. */
export function against(
  name: string,
  samples: readonly number[],
  itsSamples: readonly number[],
): Omit<Figure, 'case' | 'what' | 'unit'> {
  return {
    ...medianOf(samples),
    against: name,
    itsValue: median(itsSamples),
    ratio: median(samples.map((own, round) => own / (itsSamples[round] ?? Number.NaN))),
    itsSamples,
  }
}

type Comparison = {
  readonly what: string
  /** What the ratio to a tool may be, by its name. */
  readonly goals?: Readonly<Record<string, Bound>>
}

/** facsimile, which is the first tool, against each other one. */
export function compareTools(
  { name }: Bench,
  measurements: Measurements,
  { what, goals = {} }: Comparison,
): readonly Figure[] {
  const ours = secondsOf(runsOfFirst(measurements))
  return [...measurements].slice(1).map(([tool, runs]) => ({
    case: name,
    what,
    unit: 's',
    ...against(tool.name, ours, secondsOf(runs)),
    ...boundBy(goals[tool.name]),
  }))
}

/** The most memory that facsimile held. */
export function peakFigure({ name }: Bench, runs: readonly Measured[], what: string): Figure {
  const peaks = runs.map(({ peakMb }) => peakMb)
  return { case: name, what: `${what}: peak resident memory`, unit: 'MB', ...medianOf(peaks) }
}

export function runsOfFirst(measurements: Measurements): readonly Measured[] {
  const [first = []] = measurements.values()
  return first
}

export function secondsOf(runs: readonly Measured[]): readonly number[] {
  return runs.map(({ seconds }) => seconds)
}
