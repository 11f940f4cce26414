import { describe, expect, it } from 'vitest'
import { outcomeLine, plannedLine, shownPath } from '../../src/render/change-line.js'
import { noColors } from '../../src/render/colors.js'
import { change, outcome, problem } from '../support/samples.js'

const terse = { reasons: false, colors: noColors }
const verbose = { reasons: true, colors: noColors }

describe('a change', () => {
  it.each([
    ['create', 'create    a.txt\n'],
    ['update', 'update    a.txt\n'],
    ['metadata', 'metadata  a.txt\n'],
    ['replace', 'replace   a.txt\n'],
    ['rename', 'rename    a.txt\n'],
    ['link', 'link      a.txt\n'],
    ['delete', 'delete    a.txt\n'],
  ] as const)('%s is one line, the same when planned and when done', (action, line) => {
    expect(plannedLine(change({ action }), terse)).toBe(line)
    expect(outcomeLine(outcome({}, { action }), terse)).toBe(line)
  })

  it.each([
    ['a', 'link      b => a\n'],
    ['a\nb', 'link      b => a\\nb\n'],
  ])('says what it is linked to: %j', (linkedTo, line) => {
    expect(plannedLine(change({ action: 'link', path: 'b', linkedTo }), terse)).toBe(line)
  })

  it.each([
    ['file', 'old', 'rename    old -> b\n'],
    ['file', 'a\nb', 'rename    a\\nb -> b\n'],
    ['directory', 'd/old', 'rename    d/old/ -> b/\n'],
  ] as const)('says where a %s was: %j', (kind, renamedFrom, line) => {
    expect(plannedLine(change({ action: 'rename', kind, path: 'b', renamedFrom }), terse)).toBe(line)
  })

  it('says its reasons when asked', () => {
    const changed = { action: 'update', reasons: ['size', 'mtime'] } as const
    expect(plannedLine(change(changed), verbose)).toBe('update    a.txt  (size, mtime)\n')
    expect(outcomeLine(outcome({ status: 'failed', problem: problem() }, changed), verbose)).toBe(
      'update    a.txt  (failed: EACCES; size, mtime)\n',
    )
  })

  it('that is withheld says why, the same when planned and when settled', () => {
    const withheld = {
      action: 'delete',
      path: 'old',
      kind: 'directory',
      withheld: 'source not wholly read',
    } as const
    const line = 'delete    old/  (withheld: source not wholly read)\n'
    expect(plannedLine(change(withheld), terse)).toBe(line)
    expect(outcomeLine(outcome({ status: 'withheld' }, withheld), terse)).toBe(line)
  })

  it.each([
    [{ status: 'failed', problem: problem() }, 'failed: EACCES'],
    [
      { status: 'failed', problem: problem({ errno: undefined, code: 'verify-failed' }) },
      'failed: verify failed',
    ],
    [{ status: 'failed' }, 'failed'],
    [
      { status: 'skipped', problem: problem({ errno: undefined, code: 'source-changed' }) },
      'skipped: source changed',
    ],
    [{ status: 'skipped' }, 'skipped'],
    [{ status: 'withheld' }, 'withheld'],
  ] as const)('that is not done says so: %#', (fields, note) => {
    expect(outcomeLine(outcome(fields), terse)).toBe(`create    a.txt  (${note})\n`)
  })

  it('is painted word by word', () => {
    const colors = { ...noColors, action: { ...noColors.action, create: (text: string) => `<${text}>` } }
    expect(plannedLine(change(), { reasons: false, colors })).toBe('<create  >  a.txt\n')
  })
})

describe('a path', () => {
  it.each([
    ['', 'directory', './'],
    ['a/b', 'directory', 'a/b/'],
    ['a/b', 'symlink', 'a/b'],
    ['a\nb', 'file', 'a\\nb'],
    ['a\u001b[31m', 'file', 'a\\x1b[31m'],
    ['\udcff', 'file', '\\xff'],
    ['a\u202eb', 'file', 'a\\u{202e}b'],
  ] as const)('%j is shown on one line without controls', (path, kind, shown) => {
    expect(shownPath({ path, kind })).toBe(shown)
  })
})
