import { chmodSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { setMtime } from '../../../../test/support/times.js'
import { hardLink, type TreeLiteral } from '../../../../test/support/tree-literal.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { OtherNames } from '../../src/backup/other-names.js'
import type { Told } from '../../src/backup/read-journal.js'
import { factsOf, type Kept } from '../../src/backup/records.js'
import { HeldDirectories } from '../../src/tree/held-directories.js'
import { baseName, parentPath } from '../../src/model/path.js'
import { openTree } from '../support/trees.js'

const temporary = useTemporaryDirectory()
const at = (path: string): string => join(temporary.path, path)

/** What was kept of a file by a copy, when it had so many names. */
function keptOf(path: string, links: number, isCopy = true): Kept {
  using opened = openTree(temporary.path)
  const held = new HeldDirectories(opened.tree)
  const entry = opened.tree.stat(held.enter(parentPath(path)), baseName(path))
  held.close()
  if (entry === undefined) throw new Error(`there is no ${path}`)
  return { at: 'kept-0/1', isCopy, was: { ...factsOf(entry), links } }
}

const took = (path: string, kept: Kept): Told => ({ op: 'take', path, kept, at: '1', isSure: true })

function withNames(literal: TreeLiteral, use: (names: (told: readonly Told[]) => OtherNames) => void): void {
  writeTree(temporary.path, literal)
  using opened = openTree(temporary.path)
  use(told => new OtherNames(opened.tree, told))
}

const literal: TreeLiteral = { one: '1', d: { two: hardLink('one') }, other: 'o' }

describe('OtherNames', () => {
  it('finds a name that the replica has still, wherever it is, and though it is the last', () => {
    withNames(literal, names => {
      const kept = keptOf('one', 2)
      rmSync(at('one'))
      expect(names([took('one', kept)]).find(kept)).toBe('d/two')
    })
  })

  it.each<[what: string, change: () => void]>([
    ['has other bytes', () => writeFileSync(at('d/two'), '22')],
    ['has another time', () => utimesSync(at('d/two'), 1, 1)],
    ['has another mode', () => chmodSync(at('d/two'), 0o600)],
    ['is gone', () => rmSync(at('d/two'))],
  ])('does not believe one that %s by now', (_, change) => {
    withNames(literal, names => {
      const kept = keptOf('one', 2)
      rmSync(at('one'))
      change()
      expect(names([took('one', kept)]).find(kept)).toBeUndefined()
    })
  })

  it('looks for nothing for what had no other name: another file may have its number', () => {
    withNames(literal, names => {
      const kept = keptOf('one', 1)
      expect(names([took('one', kept)]).find(kept)).toBeUndefined()
    })
  })

  it('knows what came back, under another number, and by the name it has then', () => {
    withNames(literal, names => {
      const [last, first] = [keptOf('one', 1), keptOf('one', 2)]
      rmSync(at('one'))
      rmSync(at('d/two'))
      const known = names([took('d/two', first), took('one', last)])
      writeFileSync(at('one'), '1')
      const { mtime, mode } = last.was
      chmodSync(at('one'), mode)
      setMtime(Buffer.from(at('one')), BigInt(mtime))
      known.add(last, 'one')
      renameSync(at('one'), at('three'))
      known.moved('one', 'three')
      expect(known.find(first)).toBe('three')
    })
  })

  it('says which files have fewer names than they had', () => {
    withNames(literal, names => {
      const kept = keptOf('one', 3)
      const known = names([took('one', kept)])
      known.add(kept, 'one')
      expect([...known.missing()]).toEqual([{ path: 'one', names: 3, are: 2 }])
      // One of them was the run's own, and is taken away.
      known.removed(kept.was.inode)
      expect([...known.missing()]).toEqual([])
    })
  })

  it('has nothing to say of what was kept itself', () => {
    withNames(literal, names => {
      const kept = keptOf('one', 3, false)
      const known = names([took('one', kept)])
      known.add(kept, 'one')
      expect([...known.missing()]).toEqual([])
    })
  })

  it('takes a name that is there for one of a file only if it is that file', () => {
    withNames({ ...literal, alike: '1' }, names => {
      const kept = keptOf('one', 2)
      setMtime(Buffer.from(at('alike')), BigInt(kept.was.mtime))
      rmSync(at('one'))
      rmSync(at('d/two'))
      expect(names([took('one', kept)]).find(kept)).toBeUndefined()
    })
  })
})
