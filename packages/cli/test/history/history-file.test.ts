import * as fs from 'node:fs'
import * as path from 'node:path'
import { describe, expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { HistoryFile } from '../../src/history/history-file.js'
import { historyFile } from '../../src/state-folder.js'

const temporary = useTemporaryDirectory()
const at = (...names: string[]): string => path.join(temporary.path, ...names)
const text = (): string => fs.readFileSync(historyFile(at('state')), 'utf8')

describe('the history', () => {
  it('is begun when there is something to be told, for its owner alone', () => {
    const history = new HistoryFile(at('state'), [])
    expect(fs.existsSync(at('state'))).toBe(false)
    history.write('a\n')
    history.write('b\n')
    expect(text()).toBe('a\nb\n')
    expect(fs.statSync(historyFile(at('state'))).mode & 0o777).toBe(0o600)
    expect(history.takeTrouble()).toBeUndefined()
  })

  it('goes on after a line that was cut off', () => {
    new HistoryFile(at('state'), []).write('a\n{"torn')
    new HistoryFile(at('state'), []).write('b\n')
    expect(text()).toBe('a\n{"torn\nb\n')
  })

  it('is made shorter when it is long, and the newest stay', () => {
    const history = new HistoryFile(at('state'), [])
    const line = `${'x'.repeat(999)}\n`
    history.write(line.repeat(4500))
    history.write('last\n')
    const lines = text().trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(2000)
    expect(lines.length).toBeGreaterThan(1900)
    expect(lines.at(-1)).toBe('last')
    expect(fs.readdirSync(at('state'))).toEqual(['history.ndjson'])
    history.write('one more\n')
    expect(text()).toMatch(/\nlast\none more\n$/)
  })

  it('is not written in a replica, where it would be deleted', () => {
    const history = new HistoryFile(at('replica/state'), [at('replica')])
    history.write('a\n')
    expect(fs.existsSync(at('replica'))).toBe(false)
    expect(history.takeTrouble()).toBeUndefined()
  })

  it('follows no link, and says once why a line is not in it', () => {
    fs.mkdirSync(at('state'))
    fs.symlinkSync(at('victim'), historyFile(at('state')))
    const history = new HistoryFile(at('state'), [])
    history.write('a\n')
    history.write('b\n')
    expect(fs.existsSync(at('victim'))).toBe(false)
    expect(history.takeTrouble()).toMatch(
      /^this run is not in the history .*history\.ndjson: it is a symbolic link/,
    )
    expect(history.takeTrouble()).toBeUndefined()
  })

  it.each(['/proc/home/state', '/dev/null/state'])('is none where nothing can be made: %s', folder => {
    const history = new HistoryFile(folder, [])
    history.write('a\n')
    expect(history.takeTrouble()).toBeUndefined()
  })
})
