/** The result as rows: for a terminal, and as the tables of the document. */
import { type BenchResult, type Figure, median, type Point, type Unit, verdictOn } from './result.js'

export type Table = readonly (readonly string[])[]

const head = ['What', 'facsimile', 'against', 'its figure', 'ratio', 'at most', 'target', 'met'] as const

export function figureTable({ figures }: BenchResult): Table {
  return [head, ...figures.map(rowOf)]
}

function rowOf(figure: Figure): readonly string[] {
  const { what, value, unit, against = '', itsValue, ratio, goal, target } = figure
  const bound = (most: number | undefined): string =>
    most === undefined ? '' : ratio === undefined ? `${most} ${unit}` : String(most)
  return [
    what,
    amount(value, unit),
    against,
    itsValue === undefined ? '' : amount(itsValue, unit),
    ratio === undefined ? '' : ratio.toFixed(2),
    bound(goal),
    bound(target),
    { missed: 'no', met: 'yes', 'target met': 'target, too', none: '' }[verdictOn(figure) ?? 'none'],
  ]
}

function amount(value: number, unit: Unit): string {
  return `${value.toFixed(unit === 's' ? 2 : 0)} ${unit}`
}

/** Seconds by the number of workers, and how they stand to those of one. Nothing where none was measured. */
export function workersTable({ points }: BenchResult): Table {
  const { whats, ats, at } = pivot(points, 'workers')
  if (whats.length === 0) return []
  return [
    ['', ...ats.map(workers => (workers === 1 ? '1 worker' : `${workers} workers`))],
    ...whats.map(what => {
      const base = at(what, ats[0])
      const cells = ats.map(workers => {
        const point = at(what, workers)
        if (point === undefined || base === undefined) return ''
        return `${amount(point.value, 's')}, ${againstBase(point, base).toFixed(2)}`
      })
      return [what, ...cells]
    }),
  ]
}

/** Within the rounds, as ratios are taken everywhere. */
function againstBase(point: Point, base: Point): number {
  return median(point.samples.map((sample, round) => sample / (base.samples[round] ?? Number.NaN)))
}

/** Peaks of memory by the number of files, and how many bytes each file more has added since the row before. */
export function memoryTable({ points }: BenchResult): Table {
  const { whats, ats, at } = pivot(points, 'entries')
  if (whats.length === 0) return []
  const rows = ats.map((entries, row) => {
    const cells = whats.flatMap(what => {
      const [point, before] = [at(what, entries), at(what, ats[row - 1])]
      if (point === undefined) return ['', '']
      return [amount(point.value, 'MB'), before === undefined ? '' : String(bytesEach(point, before))]
    })
    return [entries.toLocaleString('en'), ...cells]
  })
  return [['Files', ...whats.flatMap(what => [what, 'bytes a file more'])], ...rows]
}

function bytesEach(point: Point, before: Point): number {
  return Math.round(((point.value - before.value) * 1e6) / (point.at - before.at))
}

type Pivot = {
  readonly whats: readonly string[]
  readonly ats: readonly number[]
  readonly at: (what: string, at: number | undefined) => Point | undefined
}

function pivot(all: readonly Point[], by: Point['by']): Pivot {
  const points = all.filter(point => point.by === by)
  return {
    whats: [...new Set(points.map(({ what }) => what))],
    ats: [...new Set(points.map(({ at }) => at))].sort((a, b) => a - b),
    at: (what, at) => points.find(point => point.what === what && point.at === at),
  }
}

export function leftOutTable({ leftOut }: BenchResult): Table {
  if (leftOut.length === 0) return []
  return [['Case', 'Left out', 'Why'], ...leftOut.map(({ case: name, what, why }) => [name, what, why])]
}

/** A number of rounds, in words. */
export function rounds(pairs: number): string {
  return pairs === 1 ? '1 round' : `${pairs} rounds`
}

/** Of the whole result, a line each. */
export function facts({ date, machine, versions, pairs, notes }: BenchResult): readonly string[] {
  return [`${date}, ${rounds(pairs)}`, inLine(machine), inLine(versions), ...notes]
}

export function renderText(result: BenchResult): string {
  const tables = [figureTable, workersTable, memoryTable, leftOutTable].map(of => of(result))
  const blocks = tables.filter(table => table.length > 1).map(table => aligned(table).join('\n'))
  return [...blocks, facts(result).join('\n')].join('\n\n')
}

function aligned(table: Table): readonly string[] {
  const widths = widthsOf(table)
  return table.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

export function renderTable(table: Table): string {
  const escaped = table.map(row => row.map(cell => cell.replaceAll('|', String.raw`\|`)))
  const widths = widthsOf(escaped)
  const [first = [], ...rest] = escaped
  const lines = [first, widths.map(width => '-'.repeat(Math.max(3, width))), ...rest]
  const padded = lines.map(row => row.map((cell, column) => cell.padEnd(Math.max(3, widths[column] ?? 0))))
  return padded.map(row => `| ${row.join(' | ')} |`).join('\n')
}

function widthsOf(table: Table): readonly number[] {
  return (table[0] ?? []).map((_, column) => Math.max(...table.map(row => (row[column] ?? '').length)))
}

function inLine(record: Readonly<Record<string, string>>): string {
  return Object.entries(record)
    .map(([name, value]) => `${name}: ${value}`)
    .join('; ')
}
