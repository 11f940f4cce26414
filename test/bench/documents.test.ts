/** What the bench writes, from figures that nobody measured; and what it wrote last, against the figures of that time. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { expectWellFormed } from '../support/well-formed.js'
import { renderChart } from './chart.js'
import { files, readResult, renderJson, renderMarkdown } from './documents.js'
import { type BenchResult, caseNames, type Figure, verdictOn } from './result.js'
import { renderText } from './table.js'

const compared: Figure = {
  case: 'first',
  what: 'first copy, `a | b` of <c> & "d"',
  unit: 's',
  value: 1.23456789,
  against: 'rsync -aHAX --delete',
  itsValue: 2.5,
  ratio: 0.493827,
  goal: 0.75,
  target: 0.6,
  samples: [1.2, 1.23456789, 1.3],
  itsSamples: [2.4, 2.5, 2.6],
}
const alone: Figure = { case: 'empty', what: 'memory', unit: 'MB', value: 510, goal: 500, samples: [510] }
const byWorkers = { case: 'workers', by: 'workers', what: 'first copy' } as const
const byEntries = { case: 'memory', by: 'entries', what: 'all new' } as const

const result: BenchResult = {
  date: '2030-01-02',
  machine: { system: 'Linux <6>', processor: '2 cores' },
  versions: { facsimile: '1.2.3', rsync: '3 & more' },
  pairs: 3,
  scale: 1,
  notes: ['a note'],
  figures: [compared, { ...compared, against: 'cp -a', ratio: 1.8, goal: 1.5, target: 1.2 }, alone],
  points: [
    { ...byWorkers, at: 1, value: 3, samples: [3, 4, 2] },
    { ...byWorkers, at: 2, value: 1.5, samples: [1.5, 2, 1.5] },
    { ...byEntries, at: 1010, value: 45, samples: [45] },
    { ...byEntries, at: 10, value: 44, samples: [44] },
    { ...byEntries, at: 2010, value: 45.2, samples: [45.2] },
  ],
  leftOut: [{ case: 'reflink', what: 'all of it', why: 'no | btrfs' }],
}

describe('the page', () => {
  const page = renderMarkdown(result)

  it('has a row for each figure, with its goal, its target and what became of them', () => {
    expect(cellsOf(page, 'What')).toEqual([
      row('0.49', '0.75', '0.6', 'target, too', 'rsync -aHAX --delete'),
      row('1.80', '1.5', '1.2', 'no', 'cp -a'),
      ['memory', '510 MB', '', '', '', '500 MB', '', 'no'],
    ])
  })

  it('says how workers and entries tell', () => {
    expect(cellsOf(page, '1 worker')).toEqual([['first copy', '3.00 s, 1.00', '1.50 s, 0.50']])
    expect(cellsOf(page, 'Files')).toEqual([
      ['10', '44 MB', ''],
      ['1,010', '45 MB', '1000'],
      ['2,010', '45 MB', '200'],
    ])
  })

  it('says what was left out, on what it was measured, and when', () => {
    expect(cellsOf(page, 'Left out')).toEqual([['reflink', 'all of it', String.raw`no \| btrfs`]])
    for (const fact of ['2030-01-02', 'Linux <6>', 'rsync: 3 & more', 'a note']) expect(page).toContain(fact)
  })

  it('has tables whose rows have as many cells as their heads, and are as wide', () => {
    for (const table of page.split('\n\n').filter(part => part.startsWith('|'))) {
      const lines = table.split('\n')
      expect(new Set(lines.map(line => cells(line).length)).size).toBe(1)
      expect(new Set(lines.map(line => line.length)).size).toBe(1)
      expect(lines[1]).toMatch(/^[| -]+$/)
    }
  })

  it('has no section of what was not measured', () => {
    const less = renderMarkdown({ ...result, points: [], leftOut: [] })
    expect([...less.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual(['Measured by'])
  })
})

describe('the chart', () => {
  const chart = renderChart(result)

  it('is well-formed XML, whatever the names', () => {
    expectWellFormed(chart)
    expect(chart).toContain('first copy, a | b of &lt;c&gt; &amp; &quot;d&quot;')
  })

  it('has a bar for each ratio, on its side of the line, and within the picture', () => {
    const one = Number(/<line x1="([\d.]+)"[^>]*class="one"/.exec(chart)?.[1])
    const [, width = 0, height = 0] = (/viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(chart) ?? []).map(Number)
    const bars = [
      ...chart.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" class="(\w+)"/g),
    ]
    expect(bars.map(bar => bar[5])).toEqual(['less', 'more'])
    const [less, more] = bars.map(bar => bar.slice(1, 5).map(Number))
    expect((less?.[0] ?? 0) + (less?.[2] ?? 0)).toBeCloseTo(one, 0)
    expect(more?.[0]).toBeCloseTo(one, 0)
    // Logarithms of the ratios are to each other as the bars.
    expect((more?.[2] ?? 0) / (less?.[2] ?? 0)).toBeCloseTo(Math.log(1.8) / -Math.log(0.493827), 1)
    for (const [x = -1, y = -1, wide = 0, high = 0] of [less ?? [], more ?? []]) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0)
      expect(x + wide).toBeLessThanOrEqual(width)
      expect(y + high).toBeLessThanOrEqual(height)
    }
    expect(chart).not.toMatch(/NaN|Infinity|undefined/)
  })

  it('is readable in the light and in the dark', () => {
    expect(chart).toContain('prefers-color-scheme: dark')
  })

  it('is there without any ratio, too', () => {
    expectWellFormed(renderChart({ ...result, figures: [alone] }))
  })
})

describe('the figures', () => {
  it('are JSON of five digits, and lists of numbers are in one line', () => {
    const text = renderJson(result)
    expect(text).toContain('"samples": [1.2, 1.2346, 1.3]')
    expect(JSON.parse(text)).toMatchObject({
      ...result,
      figures: [{ value: 1.2346, ratio: 0.49383 }, {}, {}],
    })
  })

  it('are met, missed, or reach their target', () => {
    expect(result.figures.map(verdictOn)).toEqual(['target met', 'missed', 'missed'])
    expect(verdictOn({ ...compared, ratio: 0.7 })).toBe('met')
    expect(verdictOn({ ...alone, value: 499 })).toBe('met')
  })

  it('go to the terminal, too', () => {
    expect(renderText(result)).toMatch(/^memory +510 MB +500 MB +no$/m)
  })
})

describe('what was written last', () => {
  it('knows its cases', () => {
    const unknown = readResult().figures.filter(figure => !caseNames.includes(figure.case))
    expect(unknown).toEqual([])
  })

  it.each([
    ['docs/benchmarks.json', files.json, renderJson],
    ['docs/benchmarks.md', files.markdown, renderMarkdown],
    ['docs/benchmarks.svg', files.chart, renderChart],
  ] as const)('%s is what the bench makes of the figures', (_, file, render) => {
    expect(readFileSync(file, 'utf8').replaceAll('\r\n', '\n')).toBe(render(readResult()))
  })

  it('is a well-formed chart', () => {
    expectWellFormed(readFileSync(files.chart, 'utf8'))
  })
})

function row(ratio: string, goal: string, target: string, met: string, against: string): string[] {
  return [
    String.raw`first copy, ` + '`a ' + String.raw`\|` + ' b` of <c> & "d"',
    '1.23 s',
    against,
    '2.50 s',
    ratio,
    goal,
    target,
    met,
  ]
}

/** The rows of the table that has such a column, without its head. */
function cellsOf(page: string, column: string): readonly (readonly string[])[] {
  const table = page
    .split('\n\n')
    .find(part => part.startsWith('|') && cells(part.split('\n', 1)[0] ?? '').includes(column))
  return (table ?? '').trimEnd().split('\n').slice(2).map(cells)
}

function cells(line: string): readonly string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map(cell => cell.trim())
}
