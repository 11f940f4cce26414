import { describe, expect, it } from 'vitest'
import { parseArguments } from '../src/parse.js'

const parse = (...argv: string[]): unknown => parseArguments(argv, 80)

describe('schedule', () => {
  it.each([
    [['list'], { verb: 'list', json: false }],
    [['list', '--json'], { verb: 'list', json: true }],
    [['show', 'a'], { verb: 'show', name: 'a', json: false }],
    [['run', 'a', '--if-due'], { verb: 'run', name: 'a', ifDue: true }],
    [['remove', 'a'], { verb: 'remove', name: 'a' }],
    [['print', 'a', '--for', 'cron'], { verb: 'print', name: 'a', scheduler: 'cron' }],
  ])('%j', (words, request) => {
    expect(parse('schedule', ...words)).toEqual({ kind: 'schedule', ...request })
  })

  it('add has what is behind its name, and the flags', () => {
    expect(parse('schedule', 'add', 'a', '--every', '5m', 's', '--', '-r')).toMatchObject({
      verb: 'add',
      name: 'a',
      operands: ['s', '-r'],
      given: { every: '5m' },
    })
  })

  it.each([
    [[], /^schedule takes add, list, show, run, remove or print, and none was given/],
    [['frob'], /got 'frob'/],
    [['add'], /^schedule add takes the name of a schedule/],
    [['run'], /^schedule run takes the name of a schedule/],
    [['list', 'a'], /^schedule list takes no name/],
    [['remove', 'a', 'b'], /'b' is one more/],
    [['print', 'a'], /^schedule print needs --for/],
    [['print', 'a', '--for', 'at'], /--for takes systemd or cron or launchd or schtasks/],
    [['remove', 'a', '--durable'], /^--durable makes no sense with schedule remove/],
    [['add', 'a', 's', 'r', '--watch'], /^--watch makes no sense with schedule add/],
    [['add', 'a', 's', 'r', '--interval', '5'], /^--interval makes no sense with schedule add/],
    [['run', 'a', '--install'], /^--install makes no sense with schedule run/],
  ])('%j is refused', (words, message) => {
    expect(() => parse('schedule', ...words)).toThrow(message)
  })
})

describe('status', () => {
  it('is of one, or of all', () => {
    expect(parse('status')).toEqual({ kind: 'status', name: undefined, given: {} })
    expect(parse('status', 'a', '--max-age', '1d', '--json')).toEqual({
      kind: 'status',
      name: 'a',
      given: { maxAge: '1d', json: true },
    })
  })

  it.each([
    [['a', 'b'], /'b' is one more/],
    [['--quiet'], /^--quiet makes no sense with status/],
    [['--max-age', 'x'], /--max-age takes a time/],
  ])('%j is refused', (words, message) => {
    expect(() => parse('status', ...words)).toThrow(message)
  })
})

it('their flags are refused elsewhere', () => {
  for (const flag of ['--install', '--if-due', '--max-age=1d', '--for=cron'])
    expect(() => parse('a', 'b', flag)).toThrow(/is for facsimile schedule and facsimile status/)
})

it('a word that looks like one is said to be', () => {
  expect(() => parse('shedule', 'list', 'a', '--json')).toThrow(/did you mean schedule\?/)
  expect(() => parse('statsu', 'a', 'b')).toThrow(/did you mean status\?/)
})
