import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LogFile } from '../src/log-file.js'
import { LogKeeper, type LogLimits } from '../src/log-keeper.js'
import { FakeClock } from './support/fake-io.js'

let folder: string
let clock: FakeClock
let logs: LogFile[]
const at = (name: string): string => path.join(folder, name)
const read = (name: string): string => fs.readFileSync(at(name), 'utf8')

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'facsimile-log-'))
  clock = new FakeClock()
  logs = []
})
afterEach(() => {
  for (const log of logs) log.close()
  fs.rmSync(folder, { recursive: true, force: true })
})

function open(limits?: Partial<LogLimits>): LogFile {
  const log = new LogFile(at('log'), at('replica'))
  const whole =
    limits === undefined ? undefined : { maxBytes: undefined, maxAgeMs: undefined, keep: 2, ...limits }
  // The calendar is the real one: it is compared with when the file was made.
  const { now } = clock
  log.keepBy(new LogKeeper(at('log'), whole, { now, date: () => new Date(Date.now() + now()) }))
  logs.push(log)
  return log
}

function write(log: LogFile, text: string): void {
  log.write(text)
  log.flush()
}

describe('a size', () => {
  it('is kept to, without parting a line', () => {
    const log = open({ maxBytes: 10 })
    write(log, 'one\ntwo\nthree\nfour\n')
    expect([read('log.2'), read('log.1'), read('log')]).toEqual(['one\ntwo\n', 'three\n', 'four\n'])
    write(log, 'five\n')
    expect([read('log.1'), read('log')]).toEqual(['three\n', 'four\nfive\n'])
  })

  it('is too small for a line that is longer: it has a file of its own', () => {
    const log = open({ maxBytes: 5 })
    write(log, 'a\nmuch longer\nb\n')
    expect([read('log.2'), read('log.1'), read('log')]).toEqual(['a\n', 'much longer\n', 'b\n'])
  })

  it('counts what is there already', () => {
    fs.writeFileSync(at('log'), 'x'.repeat(9), { mode: 0o640 })
    write(open({ maxBytes: 10 }), 'one\n')
    expect([read('log.1'), read('log')]).toEqual(['x'.repeat(9), 'one\n'])
  })

  it.skipIf(process.platform === 'win32')('leaves who may read it as it is', () => {
    fs.writeFileSync(at('log'), 'x'.repeat(9))
    fs.chmodSync(at('log'), 0o640)
    write(open({ maxBytes: 10 }), 'one\n')
    expect(fs.statSync(at('log')).mode & 0o777).toBe(0o640)
  })
})

it('an age is kept to', () => {
  const log = open({ maxAgeMs: 60_000 })
  write(log, 'one\n')
  clock.advance(59_000)
  write(log, 'two\n')
  expect(fs.readdirSync(folder)).toEqual(['log'])
  clock.advance(2000)
  write(log, 'three\n')
  expect([read('log.1'), read('log')]).toEqual(['one\ntwo\n', 'three\n'])
})

describe('a log that was renamed', () => {
  it('is opened anew when it is told so, and what was gathered goes to the old one', () => {
    const log = open()
    write(log, 'one\n')
    log.write('two\n')
    fs.renameSync(at('log'), at('old'))
    log.reopen()
    expect([read('old'), read('log')]).toEqual(['one\ntwo\n', ''])
    write(log, 'three\n')
    expect(read('log')).toBe('three\n')
  })

  it('is noticed within a second, and no line is lost until then', () => {
    const log = open()
    write(log, 'one\n')
    fs.renameSync(at('log'), at('old'))
    write(log, 'two\n')
    clock.advance(1000)
    write(log, 'three\n')
    expect([read('old'), read('log')]).toEqual(['one\ntwo\n', 'three\n'])
  })

  it('stays the old one while a new one is not to be had, which is said', () => {
    const log = open()
    fs.renameSync(at('log'), at('old'))
    fs.mkdirSync(at('log'))
    log.reopen()
    write(log, 'one\n')
    expect(read('old')).toBe('one\n')
    expect(log.takeTrouble()).toMatch(
      /it is a folder.*until it can be, lines go to the file that was opened before$/,
    )
    expect([log.takeTrouble(), log.takeFailure()]).toEqual([undefined, undefined])
    fs.rmdirSync(at('log'))
    clock.advance(1000)
    write(log, 'two\n')
    expect(read('log')).toBe('two\n')
  })
})

it('one that cannot be put aside grows, which is said, and is tried again in a minute', () => {
  const log = open({ maxBytes: 5, keep: 1 })
  fs.mkdirSync(at('log.1'))
  for (const line of ['one\n', 'two\n', 'three\n']) write(log, line)
  expect(read('log')).toBe('one\ntwo\nthree\n')
  expect(log.takeTrouble()).toMatch(/^the log .* could not be put aside: .*; it grows on/)
  expect(log.takeFailure()).toBeUndefined()
  fs.rmdirSync(at('log.1'))
  clock.advance(60_000)
  write(log, 'four\n')
  expect([read('log.1'), read('log')]).toEqual(['one\ntwo\nthree\n', 'four\n'])
})

it('two that write to one log lose nothing, whoever puts it aside', () => {
  const both = [open({ maxBytes: 100, keep: 50 }), open({ maxBytes: 100, keep: 50 })]
  const lines: string[] = []
  for (let round = 0; round < 100; round++) {
    clock.advance(300)
    for (const [index, log] of both.entries()) {
      const line = `line ${round} of ${index}\n`
      lines.push(line)
      write(log, line)
    }
  }
  const written = fs.readdirSync(folder).flatMap(name => read(name).match(/.*\n/g) ?? [])
  expect(written.toSorted()).toEqual(lines.toSorted())
  expect(fs.readdirSync(folder).length).toBeGreaterThan(5)
})

it('while it is pinned it stays the file it is, and what was to be done is done then', () => {
  const log = open({ maxBytes: 5 })
  log.pin()
  for (const line of ['one\n', 'two\n']) write(log, line)
  expect(fs.readdirSync(folder)).toEqual(['log'])
  log.unpin()
  expect([read('log.1'), read('log')]).toEqual(['one\ntwo\n', ''])
  log.pin()
  fs.renameSync(at('log'), at('old'))
  log.reopen()
  write(log, 'three\n')
  log.unpin()
  expect([read('old'), read('log')]).toEqual(['three\n', ''])
})
