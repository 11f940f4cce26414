/** Which tests may be skipped: what is missing has to be missing indeed. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { expectedSkips } from '../../.ci/skips.mjs'

const file = new URL('../../.ci/expected-skips.txt', import.meta.url)

it('a test may be skipped where one of the things it needs is missing, and nowhere else', () => {
  const text = 'a > [x] always\n[tool:t] b > b\r\n[mount][tool:t] c > c d\n[win32] e > e\n// a comment'
  const asked = (...missing: readonly string[]): readonly string[] =>
    [...expectedSkips(text, what => missing.includes(what))].filter(line => !line.startsWith('//'))
  expect(asked()).toEqual(['a > [x] always'])
  expect(asked('tool:t')).toEqual(['a > [x] always', 'b > b', 'c > c d'])
  expect(asked('mount', 'win32')).toEqual(['a > [x] always', 'c > c d', 'e > e'])
})

it('this machine is looked at', () => {
  const text = `[tool:no such program] a > a\n[tool:node] b > b\n[${process.platform}] c > c\n[user] d > d\n[node:0] e > e`
  const expected = expectedSkips(text)
  expect([...expected].filter(line => line !== 'd > d')).toEqual(['a > a', 'c > c', 'e > e'])
  expect(expected.has('d > d')).toBe(process.getuid?.() !== 0)
})

it('each line of the list is a test of a file that is there', () => {
  const lines = readFileSync(file, 'utf8').split('\n')
  const tests = lines.filter(line => line !== '' && !line.startsWith('//'))
  expect(
    tests.filter(line => !/^(?:\[[^\]]+\])*(?: |(?<!\]))(?:test|packages)\/\S+\.test\.ts > \S/.test(line)),
  ).toEqual([])
})
