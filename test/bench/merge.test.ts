import { expect, test } from 'vitest'
import { differenceOf, merge } from './merge.js'
import type { BenchResult, CaseName, Figure } from './result.js'

const circumstances = { machine: { system: 'one' }, versions: { facsimile: '1' }, pairs: 5, scale: 1 }

function resultOf(value: number, names: readonly CaseName[]): BenchResult {
  const figures = names.map((name): Figure => ({ case: name, what: '', unit: 's', value, samples: [value] }))
  const points = figures.map(
    ({ case: name, samples }) => ({ case: name, by: 'workers', what: '', at: 1, value, samples }) as const,
  )
  const leftOut = names.map(name => ({ case: name, what: '', why: String(value) }))
  return { ...circumstances, date: '2030-01-01', notes: [`note ${value}`], figures, points, leftOut }
}

test('cases that were measured anew take the place of the old ones, and the order is that of the suite', () => {
  const merged = merge(resultOf(1, ['start', 'first', 'memory']), resultOf(2, ['first', 'nothing']), [
    'first',
    'nothing',
  ])
  const expected = [
    ['start', 1],
    ['nothing', 2],
    ['first', 2],
    ['memory', 1],
  ]
  expect(merged.figures.map(it => [it.case, it.value])).toEqual(expected)
  expect(merged.points.map(it => [it.case, it.value])).toEqual(expected)
  expect(merged.leftOut.map(it => [it.case, Number(it.why)])).toEqual(expected)
  expect(merged.notes).toEqual(['note 1', 'note 2'])
})

test('a case that has nothing to show any more is not kept from before', () => {
  expect(merge(resultOf(1, ['reflink']), resultOf(2, []), ['reflink']).figures).toEqual([])
})

test('figures of several days say so', () => {
  const merged = merge({ ...resultOf(1, []), date: '2029-12-31' }, resultOf(2, []), [])
  expect(merged.date).toBe('2030-01-01')
  expect(merged.notes).toContain('some cases were measured on 2029-12-31')
})

test.each([
  ['of another machine', { machine: { system: 'two' } }],
  ['of other versions or sources', { versions: { facsimile: '2' } }],
  ['of 3 rounds', { pairs: 3 }],
  ['scaled by 0.5', { scale: 0.5 }],
  [undefined, {}],
])('what was measured before may be %s', (difference, other) => {
  expect(differenceOf(circumstances, { ...circumstances, ...other })).toBe(difference)
})
