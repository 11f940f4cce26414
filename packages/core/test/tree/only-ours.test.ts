import { chmodSync, lchownSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isRoot } from '../../../../test/support/entry-kind.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { isOnlyOurs } from '../../src/tree/only-ours.js'

const temporary = useTemporaryDirectory()
const at = (path: string): string => join(temporary.path, path)
const theirs = (path: string): void => lchownSync(at(path), 65_534, 65_534)

describe.runIf(isRoot && process.platform === 'linux')(
  'X13: as root, a folder is only ours (needs root)',
  () => {
    it.each<[what: string, expected: boolean, change: () => void]>([
      ['that is there, and those above', true, () => undefined],
      ['that is to be made', true, () => chmodSync(at('a/b'), 0o755)],
      ['but not below one of another user', false, () => theirs('a')],
      ['but not when its group may write to it', false, () => chmodSync(at('a/b'), 0o775)],
      ['but not below one that everybody may write to', false, () => chmodSync(at('a'), 0o777)],
      ['below one like /tmp', true, () => chmodSync(at('a'), 0o1777)],
      ['behind a link of root', true, () => symlinkSync('b', at('a/link'))],
      [
        'but not behind a link of another user',
        false,
        () => {
          symlinkSync('b', at('a/link'))
          theirs('a/link')
        },
      ],
      [
        'but not behind a link that leads to one of another user',
        false,
        () => {
          symlinkSync('../other', at('a/link'))
          theirs('other')
        },
      ],
      ['but not behind links in a ring', false, () => symlinkSync('link', at('a/link'))],
    ])('%s', (what, expected, change) => {
      writeTree(temporary.path, { a: { b: {} }, other: {} })
      change()
      const path = what.includes('link') ? 'a/link' : what.includes('made') ? 'a/b/c/d' : 'a/b'
      expect(isOnlyOurs(at(path))).toBe(expected)
    })

    it('but not when others may be quicker to make it', () => {
      writeTree(temporary.path, { a: {} })
      chmodSync(at('a'), 0o1777)
      expect(isOnlyOurs(at('a/b'))).toBe(false)
    })
  },
)
