import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { expectSparse, writeSparse } from '../support/sparse-file.js'
import { itIf, name, type Stage } from './tree-stage.js'

const mib = 1 << 20
const ranges = [
  [mib, 2 * mib],
  [4 * mib, 5 * mib],
] as const

export function treeHoles({ open, promises }: Stage): void {
  it('reads and writes where it is told, and on from there', () => {
    const { tree, root, path } = open({ f: '0123456789' })
    const [from, to] = [tree.openFile(root, name('f')), tree.createFile(root, name('g'))]
    const into = Buffer.alloc(10)
    expect(from.read(into, 2)).toBe(2)
    from.seek(7)
    expect([from.read(into, 2), from.read(into.subarray(2), 8), from.read(into, 1)]).toEqual([2, 1, 0])
    expect(into.toString('latin1', 0, 3)).toBe('789')
    to.write(Buffer.from('abc'), 3)
    to.seek(5)
    to.write(Buffer.from('de'), 2)
    to.write(Buffer.from('f'), 1)
    expect(readFileSync(join(path, 'g'), 'latin1')).toBe('abc\0\0def')
    from.close()
    to.close()
  })

  it('T14: ends a file where it is told', () => {
    const { tree, root, path } = open({})
    const file = tree.createFile(root, name('f'))
    file.write(Buffer.from('0123456789'), 10)
    file.setSize(3)
    expect(readFileSync(join(path, 'f'), 'latin1')).toBe('012')
    file.close()
  })

  itIf(promises.keeps.holes)('makes a file longer by a hole', () => {
    const { tree, root, path } = open({})
    const file = tree.createFile(root, name('f'))
    file.setSize(2 ** 33 + 1)
    expect(file.stat().size).toBe(2 ** 33 + 1)
    expectSparse(join(path, 'f'), 2 ** 33 + 1, [])
    file.close()
  })

  itIf(promises.keeps.holes)('tells where data lies, or that all is data', () => {
    const { tree, root, path } = open({})
    writeSparse(
      join(path, 'f'),
      7 * mib,
      ranges.map(([start, end]) => [start, end - start]),
    )
    const file = tree.openFile(root, name('f'))
    const found: number[][] = []
    for (let at = 0; at < 7 * mib; ) {
      const { start, end } = file.nextData(at, 7 * mib)
      found.push([start, end])
      at = end
    }
    const known = [...ranges, [7 * mib, 7 * mib]]
    const unknown = [[0, 7 * mib]]
    expect(promises.native ? [known, unknown] : [unknown]).toContainEqual(found)
    file.close()
  })

  it('has the system copy on from where both files are, or does not', () => {
    const { tree, root, path } = open({ f: '0123456789' })
    const [from, to] = [tree.openFile(root, name('f')), tree.createFile(root, name('g'))]
    from.seek(2)
    to.seek(1)
    const copied = copiedInAll(() => to.copyFrom(from, 5))
    expect(copied).toBe(promises.native ? 8 : 'ENOSYS')
    expect(readFileSync(join(path, 'g'), 'latin1')).toBe(promises.native ? '\x0023456789' : '')
    from.close()
    to.close()
  })
}

function copiedInAll(copy: () => number): unknown {
  try {
    let all = 0
    for (let count = copy(); count > 0; count = copy()) all += count
    return all
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
}
