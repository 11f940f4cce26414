import { expect, test } from 'vitest'
import { readOptions, usage } from './options.js'
import { caseNames } from './result.js'

test('without arguments all is measured, in full and in five rounds', () => {
  expect(readOptions([])).toEqual({ cases: caseNames, pairs: 5, scale: 1, write: false })
})

test('cases are run in the order of the suite, whatever the order they are named in', () => {
  const args = ['--cases', 'loop,start', '--pairs=2', '--scale', '0.5', '--write']
  expect(readOptions(args)).toEqual({ cases: ['start', 'loop'], pairs: 2, scale: 0.5, write: true })
})

test('the help has a line for each case', () => {
  expect(readOptions(['-h'])).toBe('help')
  for (const name of caseNames) expect(usage).toMatch(new RegExp(String.raw`^  ${name} +\S`, 'm'))
})

test('to render is asked for alone', () => {
  expect(readOptions(['--render'])).toBe('render')
})

test.each([
  [
    'a case that is not there',
    ['--cases', 'nothing,nonsense'],
    /^--cases knows start, .*, and not 'nonsense'$/,
  ],
  ['no case', ['--cases', ''], /and not ''$/],
  ['no round', ['--pairs', '0'], /^--pairs takes a whole number above 0, not '0'$/],
  ['half a round', ['--pairs', '1.5'], /not '1.5'$/],
  ['a scale of nothing', ['--scale', '0'], /^--scale takes a number above 0 and up to 10, not '0'$/],
  ['a scale that is no number', ['--scale', ' '], /not ' '$/],
  ['a scale without an end', ['--scale', 'Infinity'], /not 'Infinity'$/],
  [
    'an option that is not there',
    ['--pair', '3'],
    /^there is no option --pair: --help names those there are$/,
  ],
  ['an option without its value', ['--pairs'], /^--pairs takes a value, and was given none$/],
  [
    'an option for the value of another',
    ['--cases', '--write'],
    /^--cases takes a value, and was given none$/,
  ],
  ['a value for an option that takes none', ['--write=yes'], /^--write takes no value, and was given 'yes'$/],
  ['a word', ['nothing'], /^what is 'nothing' for\?/],
  ['to render besides measuring', ['--render', '--pairs', '2'], /^--render measures nothing/],
])('%s is refused in one sentence', (_, args, message) => {
  expect(() => readOptions(args)).toThrow(message)
})
