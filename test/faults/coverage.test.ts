/** Each case has a test that names it, or a reason why it has none; and the document says the same. */
import { describe, expect, it } from 'vitest'
import { caseIds, groups } from './cases.js'
import { coverageDocument } from './document.js'
import { reasons } from './reasons.js'
import { readTitles } from './titles.js'

const titles = readTitles()
const proven: ReadonlySet<string> = new Set(titles.flatMap(({ ids }) => ids))
const known: ReadonlySet<string> = new Set(caseIds)

describe('the cases', () => {
  it('are as many as were found, each once and under its letter', () => {
    expect([caseIds.length, known.size]).toEqual([177, 177])
    for (const { letter, cases } of groups) {
      const numbers = Object.keys(cases).map((_, index) => `${letter}${String(index + 1).padStart(2, '0')}`)
      expect(Object.keys(cases)).toEqual(numbers)
    }
  })

  it('have a test or a reason each', () => {
    const bare = caseIds.filter(id => !proven.has(id) && !(id in reasons))
    expect(bare).toEqual([])
  })

  it('have no reason beside a test', () => {
    expect(Object.keys(reasons).filter(id => proven.has(id) || !known.has(id))).toEqual([])
  })

  it('are the only ones that titles name', () => {
    expect(titles.filter(({ ids }) => !ids.every(id => known.has(id)))).toEqual([])
  })
})

it('docs/fault-coverage.md is what `npm run faults` makes of them', async () => {
  const made = coverageDocument({ groups, titles, reasons })
  await expect(made).toMatchFileSnapshot('../../docs/fault-coverage.md')
})
