/**
 * The ratios as bars on a logarithmic scale, by hand: to the left of the line facsimile takes less, to the right more.
 * Its colours follow the reader's, light or dark.
 */
import { type BenchResult, type CaseName, type Figure, type Verdict, verdictOn } from './result.js'

type Row = Figure & { readonly against: string; readonly ratio: number }

const width = 960
const labelWidth = 300
const valueWidth = 60
const rowHeight = 20
const groupHeight = 30
const barHeight = 10
const headHeight = 64
const footHeight = 30
const plot = { from: labelWidth + 10, to: width - valueWidth } as const
/** Where the scale has a line, if it reaches so far. */
const marks = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100] as const

const style = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .paper { fill: #ffffff }
  .title { font-size: 16px; font-weight: 600 }
  .group { font-weight: 600 }
  .faint { fill: #59636e }
  .end { text-anchor: end }
  .middle { text-anchor: middle }
  .less { fill: #1a7f37 }
  .more { fill: #bc4c00 }
  .grid { stroke: #8c959f; stroke-opacity: 0.35 }
  .one { stroke: #59636e }
  .goal { stroke: #0969da; stroke-width: 2 }
  .missed { fill: #cf222e; font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .paper { fill: #0d1117 }
    .faint { fill: #9198a1 }
    .less { fill: #3fb950 }
    .more { fill: #db6d28 }
    .one { stroke: #9198a1 }
    .goal { stroke: #4493f8 }
    .missed { fill: #f85149 }
  }`

export function renderChart(result: BenchResult): string {
  const groups = groupsOf(result.figures)
  const rows = groups.reduce((sum, group) => sum + group.length, 0)
  const height = headHeight + groups.length * groupHeight + rows * rowHeight + footHeight
  const x = scaleOf(groups.flat())
  const bottom = height - footHeight
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    '<title>facsimile against other programs: ratios of times</title>',
    `<style>${style}\n</style>`,
    '<rect width="100%" height="100%" class="paper"/>',
    text(10, 22, 'Time of facsimile against that of others', 'title'),
    text(10, 42, 'Below 1 facsimile takes less; a blue line is the most that it may take.', 'faint'),
    ...marks.filter(x.reaches).flatMap(mark => gridLine(x.at(mark), mark, bottom)),
    ...drawGroups(groups, x.at),
    text(10, height - 10, `${result.date}; ${Object.values(result.machine).join('; ')}`, 'faint'),
    '</svg>',
  ].join('\n')}\n`
}

/** The figures that are ratios, by what was measured. */
function groupsOf(figures: readonly Figure[]): readonly (readonly Row[])[] {
  const groups = new Map<`${CaseName} ${string}`, Row[]>()
  for (const figure of figures) {
    const { against, ratio } = figure
    if (against === undefined || ratio === undefined || !(ratio > 0) || !Number.isFinite(ratio)) continue
    const group = groups.get(`${figure.case} ${figure.what}`) ?? []
    groups.set(`${figure.case} ${figure.what}`, [...group, { ...figure, against, ratio }])
  }
  return [...groups.values()]
}

type Scale = { readonly at: (ratio: number) => number; readonly reaches: (ratio: number) => boolean }

/** From below the least to above the greatest ratio or goal, and from a half to two at least. */
function scaleOf(rows: readonly Row[]): Scale {
  const all = rows.flatMap(({ ratio, goal = 1 }) => [ratio, goal])
  const least = Math.min(0.5, ...all) / 1.1
  const most = Math.max(2, ...all) * 1.1
  const perUnit = (plot.to - plot.from) / Math.log(most / least)
  return {
    at: ratio => plot.from + Math.log(ratio / least) * perUnit,
    reaches: ratio => ratio >= least && ratio <= most,
  }
}

function gridLine(x: number, mark: number, bottom: number): readonly string[] {
  return [
    line(x, { from: headHeight, to: bottom, kind: mark === 1 ? 'one' : 'grid' }),
    text(x, headHeight - 6, String(mark), 'faint middle'),
  ]
}

function drawGroups(groups: readonly (readonly Row[])[], at: (ratio: number) => number): readonly string[] {
  const drawn: string[] = []
  let y = headHeight
  for (const group of groups) {
    y += groupHeight
    drawn.push(text(10, y - 8, group[0]?.what.replaceAll('`', '') ?? '', 'group'))
    for (const row of group) {
      drawn.push(...drawRow(row, y, at))
      y += rowHeight
    }
  }
  return drawn
}

function drawRow(row: Row, top: number, at: (ratio: number) => number): readonly string[] {
  const { against, ratio, goal } = row
  const middle = top + rowHeight / 2
  const [from, to] = [Math.min(at(ratio), at(1)), Math.max(at(ratio), at(1))]
  const bar = { x: from, y: middle - barHeight / 2, width: Math.max(1, to - from), height: barHeight }
  const shape = Object.entries(bar).map(([name, value]) => `${name}="${digits(value)}"`)
  return [
    text(labelWidth, middle + 4, against, 'end'),
    `<rect ${shape.join(' ')} class="${ratio <= 1 ? 'less' : 'more'}"/>`,
    ...(goal === undefined ? [] : [line(at(goal), { from: top + 2, to: top + rowHeight - 2, kind: 'goal' })]),
    text(width - 10, middle + 4, ratio.toFixed(2), kindOfValue[verdictOn(row) ?? 'met']),
  ]
}

const kindOfValue: Readonly<Record<Verdict, string>> = {
  missed: 'end missed',
  met: 'end',
  'target met': 'end',
}

function line(x: number, { from, to, kind }: { from: number; to: number; kind: string }): string {
  return `<line x1="${digits(x)}" y1="${digits(from)}" x2="${digits(x)}" y2="${digits(to)}" class="${kind}"/>`
}

function text(x: number, y: number, content: string, kind: string): string {
  return `<text x="${digits(x)}" y="${digits(y)}" class="${kind}">${escape(content)}</text>`
}

function digits(value: number): string {
  return String(Math.round(value * 10) / 10)
}

function escape(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
