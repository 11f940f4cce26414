/** Where a plan deletes most. */
import { describe, expect, it } from 'vitest'
import { NodeMark } from '../../src/model/node-mark.js'
import { deleted, type PairsLiteral, replaced, same, updated } from '../support/pairs.js'
import { dir, plan } from './planned.js'

function told(literal: PairsLiteral, maxDelete = 0): string {
  const settings = {
    delete: true,
    allowEmptySource: true,
    allowNewSource: false,
    maxDelete: { unit: 'entries', limit: maxDelete },
  } as const
  const message = plan(literal, { settings }).refusals[0]?.message ?? ''
  return /\(the most: (.*?)\)/.exec(message)?.[1] ?? ''
}

function many(count: number, size = 0): PairsLiteral {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, deleted({ size })]))
}

describe('D04: the largest losses', () => {
  it.each<[what: string, literal: PairsLiteral, expected: string]>([
    [
      'a directory that goes counts with all that is in it, by the topmost that goes',
      { a: same({ below: { b: deleted({ below: { c: deleted({ below: many(3, 5) }), x: deleted() } }) } }) },
      '6 entries and 15 bytes in "a/b"',
    ],
    [
      'files that go by themselves count for the directory that stays',
      { a: same({ below: many(2, 7) }), x: deleted({ size: 1 }) },
      '2 entries and 14 bytes in "a", 1 entry and 1 byte in "."',
    ],
    [
      'a directory that something else replaces is no loss itself',
      { a: replaced('file', 'directory', { below: { b: deleted({ below: many(2) }) } }) },
      '3 entries and 0 bytes in "a"',
    ],
    [
      'a directory that stays for what it protects is no loss, what goes from it is',
      { a: deleted({ marks: NodeMark.protects, below: { b: deleted(dir), c: deleted() } }) },
      '1 entry and 0 bytes in "a/b", 1 entry and 0 bytes in "a"',
    ],
    [
      'what is updated is no loss',
      { a: same({ below: { u: updated(), d: deleted() } }) },
      '1 entry and 0 bytes in "a"',
    ],
    [
      'three are told',
      {
        a: deleted({ below: many(1) }),
        b: deleted({ below: many(4) }),
        c: deleted({ below: many(3) }),
        d: deleted({ below: many(2) }),
      },
      '5 entries and 0 bytes in "b", 4 entries and 0 bytes in "c", 3 entries and 0 bytes in "d"',
    ],
    [
      'names are made safe',
      { 'a\n\u202eb': deleted({ below: many(1) }) },
      '2 entries and 0 bytes in "a\\n\\u{202e}b"',
    ],
  ])('%s', (_, literal, expected) => {
    expect(told(literal)).toBe(expected)
  })
})
