import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { areSparseBytesEqual } from '../../src/compare/sparse-content.js'
import type { Name } from '../../src/model/path.js'
import { finish } from '../support/pairs.js'
import { openTree, ways } from '../support/trees.js'

const temporary = useTemporaryDirectory()
const mib = 1 << 20
const chunk = 1 << 16

type Written = readonly (readonly [at: number, text: string])[]

function writeSparse(name: string, size: number, written: Written): void {
  const fd = openSync(join(temporary.path, name), 'w')
  ftruncateSync(fd, size)
  for (const [at, text] of written) writeSync(fd, text, at)
  closeSync(fd)
}

describe.each(ways)('sparse files by %s', way => {
  const data: Written = [
    [3 * mib, 'here'],
    [7 * mib - 2, 'and here'],
  ]
  it.each<[what: string, replica: Written, size: number, equal: boolean]>([
    ['the same', data, 8 * mib, true],
    ['zeros where the other has a hole', [...data, [5 * mib, '\0'.repeat(chunk)]], 8 * mib, true],
    ['data where the other has a hole', [...data, [5 * mib, 'x']], 8 * mib, false],
    ['a hole where the other has data', data.slice(0, 1), 8 * mib, false],
    ['other data', [data[0] ?? [0, ''], [7 * mib - 2, 'and HERE']], 8 * mib, false],
    ['a longer hole at the end', data, 9 * mib, false],
    ['a shorter one', data, 7 * mib + 10, false],
    ['nothing at all', [], 8 * mib, false],
  ])('%s', (_, replica, size, equal) => {
    writeSparse('a', 8 * mib, data)
    writeSparse('b', size, replica)
    using opened = openTree(temporary.path, way)
    const [a, b] = ['a', 'b'].map(name => opened.tree.openFile(opened.tree.root, name as Name))
    if (a === undefined || b === undefined) throw new Error('both are there')
    expect(finish(areSparseBytesEqual(a, b, 8 * mib, chunk))).toBe(equal)
    a.close()
    b.close()
  })
})
