import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { readLines, readRun, type Told } from '../../src/backup/read-journal.js'
import { name, openTree } from '../support/trees.js'

const temporary = useTemporaryDirectory()

function write(thread: string, text: string | readonly object[]): void {
  const lines = typeof text === 'string' ? text : text.map(record => `${JSON.stringify(record)}\n`).join('')
  writeFileSync(join(temporary.path, `journal-${thread}`), lines)
}

function read(): readonly Told[] {
  using opened = openTree(temporary.path)
  return readRun(opened.tree)
}

const made = (at: number, path = 'd'): object => ({ at: String(at), op: 'makeDirectory', path })
const shown = (told: readonly Told[]): readonly string[] =>
  told.map(record =>
    `${record.op} ${'path' in record ? record.path : ''} ${'isSure' in record ? record.isSure : ''}`.trim(),
  )

describe('readRun', () => {
  it('puts what all threads wrote in the order of time, as numbers', () => {
    write('0', [made(9, 'a'), made(100, 'c')])
    write('1', [made(10, 'b')])
    write('main', [
      { at: '1', op: 'begin' },
      { at: '200', op: 'end' },
    ])
    expect(shown(read())).toEqual([
      'begin',
      'makeDirectory a true',
      'makeDirectory b true',
      'makeDirectory c true',
      'end',
    ])
  })

  it('doubts the last record of each thread of a run that was killed, if it is a step', () => {
    write('0', [made(1, 'a'), made(2, 'b')])
    write('1', [made(3, 'c'), { at: '4', op: 'now', path: 'c', now: {} }])
    expect(shown(read())).toEqual([
      'makeDirectory a true',
      'makeDirectory b false',
      'makeDirectory c true',
      'now c',
    ])
  })

  it('leaves out what failed, and only that', () => {
    const failed = { at: '5', op: 'failed' }
    const between = { at: '3', op: 'now', path: 'a', now: {} }
    write('0', [made(1, 'a'), made(2, 'b'), between, failed, made(6, 'c'), made(7, 'd')])
    expect(shown(read())).toEqual([
      'makeDirectory a true',
      'now a',
      'makeDirectory c true',
      'makeDirectory d false',
    ])
  })

  it('leaves out what was written half when it was killed', () => {
    write('0', `${JSON.stringify(made(1, 'a'))}\n{"at":"2","op":"makeDir`)
    expect(shown(read())).toEqual(['makeDirectory a false'])
  })

  it.each(['not JSON\n', '{}\n', '[]\n', 'null\n', '\n', '{"op":"end"}\n', '\0\0\0\n'])(
    'refuses a damaged line: %j (26)',
    text => {
      write('0', `${JSON.stringify(made(1))}\n${text}${JSON.stringify(made(2))}\n`)
      expect(read).toThrow(
        expect.objectContaining({ exitCode: 26, message: expect.stringContaining('"journal-0"') }) as Error,
      )
    },
  )

  it('reads no other files', () => {
    writeFileSync(join(temporary.path, 'notes'), 'x\n')
    expect(read()).toEqual([])
  })
})

it('readLines: names and lines survive wherever a chunk ends', () => {
  const path = `${'ä€😀'.repeat(50)}\udcff`
  const records = Array.from({ length: 6000 }, (_, index) => made(index, path))
  write('0', records)
  using opened = openTree(temporary.path)
  expect([...readLines(opened.tree, name('journal-0'))]).toEqual(records)
})
