/** The result as text for a terminal, and as the two documents. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type BenchResult, type Figure, isMet } from './result.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const head = ['What', 'facsimile', 'against', 'its figure', 'ratio', 'goal', 'met'] as const

export function renderText(result: BenchResult): string {
  const rows = [head, ...result.figures.map(rowOf)]
  const widths = head.map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)))
  const lines = rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [...lines, '', ...facts(result)].join('\n')
}

/** Writes docs/benchmarks.json and docs/benchmarks.md. */
export function writeDocuments(result: BenchResult): void {
  writeFileSync(`${root}docs/benchmarks.json`, `${JSON.stringify(result, rounded, 2)}\n`)
  writeFileSync(`${root}docs/benchmarks.md`, renderMarkdown(result))
  // The formatter has its own view of lists of numbers.
  spawnSync('npx', ['--no-install', 'biome', 'format', '--write', 'docs'], { cwd: root, stdio: 'inherit' })
}

function renderMarkdown(result: BenchResult): string {
  const rows = result.figures.map(figure => `| ${rowOf(figure).join(' | ')} |`)
  return `# Measured figures

Written by \`npm run bench -- --write\`, which is \`test/bench/bench.ts\`. The figures themselves, run by run, are in
[benchmarks.json](benchmarks.json).

Each program runs as a whole process, its start included, on a tmpfs of its own. In each of ${result.pairs} rounds every
program runs once. A figure is the median over the rounds; a ratio is the median of the ratios within the rounds, and below
1 facsimile takes less. After each run the exit code is checked, and the result is compared with the source by code
that is not facsimile's. Of \`fs.cp\` the times are not compared, for it does not hold those of directories.

| ${head.join(' | ')} |
| ${head.map(() => '---').join(' | ')} |
${rows.join('\n')}

${facts(result)
  .map(fact => `- ${fact}`)
  .join('\n')}
`
}

function rowOf(figure: Figure): readonly string[] {
  const { what, value, unit, against = '', itsValue, ratio, goal } = figure
  const met = isMet(figure)
  return [
    what,
    amount(value, unit),
    against,
    itsValue === undefined ? '' : amount(itsValue, unit),
    ratio === undefined ? '' : ratio.toFixed(2),
    goal === undefined ? '' : ratio === undefined ? `<= ${goal} ${unit}` : `<= ${goal}`,
    met === undefined ? '' : met ? 'yes' : 'no',
  ]
}

function amount(value: number, unit: Figure['unit']): string {
  return `${value.toFixed(unit === 's' ? 2 : 0)} ${unit}`
}

function facts({ date, machine, versions, pairs, notes }: BenchResult): readonly string[] {
  return [`${date}, ${pairs} rounds`, inLine(machine), inLine(versions), ...notes]
}

function inLine(record: Readonly<Record<string, string>>): string {
  return Object.entries(record)
    .map(([name, value]) => `${name}: ${value}`)
    .join('; ')
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value
}
