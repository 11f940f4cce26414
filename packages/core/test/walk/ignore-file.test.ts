import { describe, expect, it } from 'vitest'
import { compileIgnore } from '../../src/walk/ignore-file.js'

/** Which paths are left out; a slash at the end makes one a directory. */
function ignored(texts: Readonly<Record<string, string>>, paths: readonly string[]): readonly string[] {
  const ignores = compileIgnore(Object.entries(texts).map(([directory, text]) => ({ directory, text })))
  return paths.filter(path => ignores(path.replace(/\/$/, ''), path.endsWith('/')))
}

describe('ignore files', () => {
  it('leave out what matches, the last pattern deciding', () => {
    expect(
      ignored({ '': '*.log\n!keep.log\n# no.txt\n\n' }, ['a.log', 'd/a.log', 'keep.log', 'no.txt']),
    ).toEqual(['a.log', 'd/a.log'])
  })

  it('of deeper directories come last, and say nothing of others', () => {
    const texts = { '': '*.log\n/top\n', d: '!a.log\n/here\n*.txt\n' }
    expect(
      ignored(texts, [
        'a.log',
        'd/a.log',
        'd/b.log',
        'top',
        'd/top',
        'd/here',
        'd/e/here',
        'a.txt',
        'd/e/a.txt',
      ]),
    ).toEqual(['a.log', 'd/b.log', 'top', 'd/here', 'd/e/a.txt'])
  })

  it('take a slash at the end for directories only', () => {
    expect(ignored({ '': 'build/\n' }, ['build', 'build/', 'd/build/'])).toEqual(['build/', 'd/build/'])
  })

  it('in a directory whose name is a pattern mean that directory', () => {
    expect(ignored({ 'a*[b]': 'x\n' }, ['a*[b]/x', 'ab/x', 'aab/x'])).toEqual(['a*[b]/x'])
  })

  it('have lines that end as on Windows, and a mark at the begin', () => {
    expect(ignored({ '': '\u00ef\u00bb\u00bfa\r\nb\r\n' }, ['a', 'b', 'c'])).toEqual(['a', 'b'])
  })

  it.each([
    { text: 'a  \n', paths: ['a', 'a  '], wanted: ['a'] },
    { text: 'a \\ \n', paths: ['a', 'a  '], wanted: ['a  '] },
    { text: 'a\\  \n', paths: ['a', 'a '], wanted: ['a '] },
    { text: 'a\t\n', paths: ['a', 'a\t'], wanted: ['a\t'] },
    { text: 'a\\', paths: ['a', 'a\\'], wanted: [] },
    { text: '\\#a\n\\!b\n', paths: ['#a', '!b', '\\#a'], wanted: ['#a', '!b'] },
    { text: 'a\0b\n', paths: ['a', 'ab'], wanted: ['a'] },
    { text: '/\n!\n//\n', paths: ['a', 'd/'], wanted: [] },
    { text: 'a\n!a/\n', paths: ['a', 'a/'], wanted: ['a'] },
    { text: '!a\n*\n', paths: ['a'], wanted: ['a'] },
    { text: '*\n!a\n', paths: ['a', 'b'], wanted: ['b'] },
    { text: 'a/b\n!a/*\n', paths: ['a/b', 'd/a/b'], wanted: [] },
  ])('$text leaves out $wanted', ({ text, paths, wanted }) => {
    expect(ignored({ '': text }, paths)).toEqual(wanted)
  })

  it('are read once, however many directories they are for', () => {
    const text = Array.from({ length: 10_000 }, (_, index) => `*.e${index}\n`).join('')
    const from = process.cpuUsage().user
    for (let nth = 0; nth < 2000; nth += 1) expect(ignored({ '': text, [`d${nth}`]: 'x\n' }, [])).toEqual([])
    expect((process.cpuUsage().user - from) / 1e6).toBeLessThan(10)
  })

  it('compare bytes', () => {
    const umlaut = Buffer.from('ä').toString('latin1')
    expect(ignored({ '': `${umlaut}\n` }, ['ä', 'a'])).toEqual(['ä'])
    expect(ignored({ '': '?\n' }, ['ä', 'a'])).toEqual(['a'])
    expect(ignored({ '': '\u00ff\n' }, ['\udcff', 'ÿ'])).toEqual(['\udcff'])
  })
})

it('an ignore file in each of many directories, one below the other, is read once each', () => {
  const texts = Array.from({ length: 500 }, (_, depth) => ({
    directory: 'd/'.repeat(depth).slice(0, -1),
    text: Array.from({ length: 20 }, (_each, nth) => `*${depth}_${nth}?`).join('\n'),
  }))
  const from = process.cpuUsage().user
  for (let depth = 1; depth <= texts.length; depth++) compileIgnore(texts.slice(0, depth))
  expect((process.cpuUsage().user - from) / 1e6).toBeLessThan(2)
})
