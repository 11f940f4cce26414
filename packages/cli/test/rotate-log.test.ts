import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isFile, namesBeside, rotateLog } from '../src/rotate-log.js'

let folder: string
let descriptor: number
const at = (name: string): string => path.join(folder, name)
const contents = (): Readonly<Record<string, string>> =>
  Object.fromEntries(fs.readdirSync(folder).map(name => [name, fs.readFileSync(at(name), 'utf8')]))

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'facsimile-log-'))
  fs.writeFileSync(at('log'), 'new')
  descriptor = fs.openSync(at('log'), 'a')
})
afterEach(() => {
  fs.closeSync(descriptor)
  fs.rmSync(folder, { recursive: true, force: true })
})

const rotate = (keep: number): string => rotateLog({ file: at('log'), keep, descriptor })

describe('a log is put aside', () => {
  it('as .1, and older ones move on; the oldest is gone', () => {
    for (const number of [1, 2, 3]) fs.writeFileSync(at(`log.${number}`), String(number))
    expect(rotate(3)).toBe('aside')
    expect(contents()).toEqual({ 'log.1': 'new', 'log.2': '1', 'log.3': '2' })
  })

  it('over a gap, and nothing else is touched', () => {
    fs.writeFileSync(at('log.2'), '2')
    fs.writeFileSync(at('log.2.gz'), 'z')
    rotate(5)
    expect(contents()).toEqual({ 'log.1': 'new', 'log.3': '2', 'log.2.gz': 'z' })
  })

  it('and gone, where none is kept', () => {
    rotate(0)
    expect(contents()).toEqual({})
  })

  it('not when it is another file by now', () => {
    fs.renameSync(at('log'), at('log.1'))
    fs.writeFileSync(at('log'), 'of another process')
    expect(rotate(3)).toBe('aside')
    expect(contents()).toEqual({ log: 'of another process', 'log.1': 'new' })
  })

  it('not while another process is at it, unless that was killed long ago', () => {
    fs.writeFileSync(at('log.rotating'), '')
    expect(rotate(3)).toBe('busy')
    expect(fs.readdirSync(folder)).toEqual(['log', 'log.rotating'])
    fs.utimesSync(at('log.rotating'), 1, Date.now() / 1000 - 120)
    expect(rotate(3)).toBe('aside')
    expect(contents()).toEqual({ 'log.1': 'new' })
  })

  it('or says why not, and leaves nothing behind', () => {
    fs.mkdirSync(at('log.1'))
    expect(() => rotate(1)).toThrow(/EISDIR|ENOTEMPTY|EPERM/)
    expect(fs.readdirSync(folder).toSorted()).toEqual(['log', 'log.1'])
  })
})

it('a name is that of an open file until that is renamed, or deleted', () => {
  expect(isFile(at('log'), descriptor)).toBe(true)
  fs.renameSync(at('log'), at('other'))
  expect(isFile(at('log'), descriptor)).toBe(false)
  fs.writeFileSync(at('log'), '')
  expect(isFile(at('log'), descriptor)).toBe(false)
})

it('names beside it', () => {
  expect(namesBeside('/l', 2)).toEqual(['/l.rotating', '/l.1', '/l.2'])
})
