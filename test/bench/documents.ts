/**
 * docs/benchmarks.json is what was measured; docs/benchmarks.md and docs/benchmarks.svg are made from it, and from
 * nothing else.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { renderChart } from './chart.js'
import type { BenchResult } from './result.js'
import {
  facts,
  figureTable,
  leftOutTable,
  memoryTable,
  renderTable,
  type Table,
  workersTable,
} from './table.js'

const docs = new URL('../../docs/', import.meta.url)

export const files = {
  json: new URL('benchmarks.json', docs),
  markdown: new URL('benchmarks.md', docs),
  chart: new URL('benchmarks.svg', docs),
}

/** The page and the chart are made of the figures as they are kept, to five digits. */
export function writeDocuments(measured: BenchResult): void {
  writeFileSync(files.json, renderJson(measured))
  const result = readResult()
  writeFileSync(files.markdown, renderMarkdown(result))
  writeFileSync(files.chart, renderChart(result))
}

export function readResult(): BenchResult {
  return JSON.parse(readFileSync(files.json, 'utf8')) as BenchResult
}

/** Five digits of each fraction, and a list of numbers in one line. */
export function renderJson(result: BenchResult): string {
  const text = JSON.stringify(result, rounded, 2)
  return `${text.replaceAll(/\[[\d\s.,e+-]+\]/g, list => list.replaceAll(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']'))}\n`
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value
}

export function renderMarkdown(result: BenchResult): string {
  const sections = [
    introduction(result),
    '![Ratios of times, case by case](benchmarks.svg)',
    renderTable(figureTable(result)),
    ...section('Workers', workersText, workersTable(result)),
    ...section('Memory', memoryText, memoryTable(result)),
    ...section('Not compared', notComparedText, leftOutTable(result)),
    '## Measured by',
    facts(result)
      .map(fact => `- ${fact}`)
      .join('\n'),
  ]
  return `${sections.join('\n\n')}\n`
}

function section(title: string, text: string, table: Table): readonly string[] {
  return table.length < 2 ? [] : [`## ${title}`, text, renderTable(table)]
}

function introduction({ pairs }: BenchResult): string {
  return `# Measured figures

Written by \`npm run bench -- --write\`, which is \`test/bench/bench.ts\`. The figures themselves, run by run, are in
[benchmarks.json](benchmarks.json); this page and the chart are made from them by nobody's hand.

Each program runs as a whole process, its start included, on a tmpfs of its own. In each round, of
which there are ${pairs}, every program runs once, and each begins with another one. A figure is the median over the rounds; a ratio is the median of
the ratios within the rounds, and below 1 facsimile takes less. Before the first round each program has run once with ten
files, so that none is read from a disk. What facsimile remembers of folders is removed before each of its runs. Where there
is nothing to do, all work on the same replica. A btrfs lies in a file on a tmpfs, and is mounted anew before each run.

After each run the exit code is checked, and the result is compared with the source by code that is not facsimile's, in what
the program promises: of \`rclone\` and the copiers for Node not the times of directories, of \`sync-directory\` no times, and
those of \`rsync\` to the second. A replica that is to stay as it is is compared before the first round, and after each run of the
last one.`
}

const workersText =
  'Seconds by `--concurrency`, and the ratio to one worker, within the rounds. One worker is the thread of the command alone.'
const memoryText = `Peak resident memory of the whole process, all threads, and by how many bytes a file it grew since the row before. The threads
themselves come in with the second row.`
const notComparedText = 'Who takes no part in a case, and why.'
