import { Buffer } from 'node:buffer'
import { mkdirSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { errnoOf } from '../../src/model/errno.js'
import { loadLibc, type Libc } from '../../src/tree/native.js'
import { namesOf } from '../../src/tree/native-list.js'
import { bytes } from '../../../../test/support/byte-names.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { name, openTree } from '../support/trees.js'

const temporary = useTemporaryDirectory()

/** As the system writes it: an inode and a place, a length, a type, and the name with zeros up to a multiple of 8. */
function entry(listed: string): Buffer {
  const called = Buffer.from(listed, 'latin1')
  const length = Math.ceil((19 + called.length + 1) / 8) * 8
  const whole = Buffer.alloc(length)
  // Bytes beyond ASCII that are no part of a name.
  whole.fill(0xff, 0, 16)
  whole.writeUInt16LE(length, 16)
  whole[18] = 8
  called.copy(whole, 19)
  return whole
}

type Answer = readonly string[] | Buffer | keyof typeof constants.errno

/** A system that answers one call after the other: with names, with bytes, or by an error. */
function listed(...answers: readonly Answer[]): {
  readonly parts: readonly (readonly string[])[]
  readonly end: string
} {
  let failure = 0
  let calls = 0
  const libc = {
    getdents64: (_: number, __: number, into: Uint8Array) => {
      const answer = answers[calls++] ?? []
      if (typeof answer === 'string') {
        failure = constants.errno[answer]
        return -1
      }
      const list = Buffer.isBuffer(answer) ? answer : Buffer.concat(answer.map(entry))
      into.set(list)
      return list.length
    },
    errno: () => failure,
  } as Partial<Libc> as Libc
  const parts: string[][] = []
  try {
    for (const part of namesOf(libc, -1)) parts.push(part)
  } catch (error) {
    return { parts, end: errnoOf(error) ?? String(error) }
  }
  return { parts, end: `whole after ${calls} calls` }
}

describe('a list', () => {
  it.each<[what: string, answers: readonly Answer[]]>([
    ['one and the next part', [['b', '.', 'a', '..'], ['c']]],
    ['a part that a signal kept waiting', ['EINTR', ['a', 'b'], 'EINTR', ['c']]],
  ])('has %s, and is whole only when the system says so', (_, answers) => {
    expect(listed(...answers)).toEqual({ parts: [['a', 'b'], ['c']], end: expect.stringMatching(/^whole/) })
  })

  it.each(['EIO', 'EACCES', 'EBADF'] as const)('fails where the first call does (%s)', error => {
    expect(listed('EINTR', error)).toEqual({ parts: [], end: error })
  })

  it.each(['EIO', 'EBADF', 'ENOENT', 'ESTALE'] as const)('D01: fails where a later part does (%s)', error => {
    expect(listed(['a', 'b'], error)).toEqual({ parts: [['a', 'b']], end: error })
  })

  it('of what was removed while it was held is empty', () => {
    expect(listed('ENOENT')).toEqual({ parts: [], end: 'whole after 1 calls' })
  })

  it.each([
    ['a length of nothing', Buffer.alloc(24)],
    ['a length beyond the end', entry('a').fill(0x7f, 16, 18)],
  ])('with %s is no list', (_, answer) => {
    expect(listed(['a'], answer)).toEqual({ parts: [['a']], end: 'EIO' })
  })

  it('has names byte by byte', () => {
    const names = ['a', 'zoë', 'x'.repeat(255), bytes('ff41'), bytes('c3'), '\u{1f600}']
    const asBytes = ['a', 'zo\xc3\xab', 'x'.repeat(255), '\xffA', '\xc3', '\xf0\x9f\x98\x80']
    expect(listed(asBytes).parts.flat().sort()).toEqual(names.sort())
  })
})

describe.skipIf(loadLibc() === undefined)('a directory of many names', () => {
  const names = Array.from({ length: 5000 }, (_, index) => `${'long name '.repeat(3)}${index}`)

  it('comes in parts, is whole each time, and cannot be listed twice at once', () => {
    mkdirSync(join(temporary.path, 'd'))
    for (const each of names) writeFileSync(join(temporary.path, 'd', each), '')
    using opened = openTree(temporary.path, 'libc')
    const { tree } = opened
    const held = tree.openDirectory(tree.root, name('d'))
    const parts = [...tree.listInParts(held)]
    expect(parts.length).toBeGreaterThan(2)
    expect(parts.flat().sort()).toEqual([...names].sort())
    expect(tree.list(held).sort()).toEqual([...names].sort())
    const first = tree.listInParts(held)
    first.next()
    expect(tree.list(held)).toHaveLength(names.length)
    expect(() => [...first]).toThrow('listed again')
    expect(tree.list(held)).toHaveLength(names.length)
    held.close()
  })
})
