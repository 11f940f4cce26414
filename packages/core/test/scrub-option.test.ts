import { expect, it } from 'vitest'
import type { SyncOptions } from '../src/options.js'
import { settingsForReading } from '../src/settings-for-reading.js'
import { settingsFrom } from '../src/settings-from.js'

const roots = { source: '/s', replica: '/r' } as const
const content = { compare: 'content' } as const

it.each([
  ['2%', 2],
  ['0.0001%', 0.0001],
  ['33.3%', 33.3],
  ['100%', 100],
] as const)('%s of the files are %d in a hundred', (scrub, expected) => {
  expect(settingsFrom({ ...roots, ...content, scrub }).scrub).toBe(expected)
})

it.each(['0%', '100.1%', '2', '-1%', '%', 2, null, true])('%j is refused', scrub => {
  const options = { ...roots, ...content, scrub } as unknown as SyncOptions
  expect(() => settingsFrom(options)).toThrow(/option "scrub": expected a percentage of the files/)
})

it.each<[Partial<SyncOptions>, RegExp]>([
  [{}, /needs compare: "content"/],
  [{ compare: () => true }, /needs compare: "content"/],
  [{ ...content, hashMemory: false }, /"scrub" and "hashMemory: false" contradict/],
  [
    { ...content, hasher: { name: 'x', create: () => ({ update: () => {}, digest: () => '' }) } },
    /contradict/,
  ],
])('goes only with a memory of contents: %j', (options, message) => {
  expect(() => settingsFrom({ ...roots, scrub: '2%', ...options })).toThrow(message)
})

it('has no effect on a check, which reads all', () => {
  const options = { ...roots, ...content, scrub: '2%' } as const
  expect(() => settingsForReading(options, 'a check', ['scrub'])).toThrow(
    /option "scrub" has no effect on a check/,
  )
})
