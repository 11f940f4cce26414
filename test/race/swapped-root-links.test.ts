/** The links that lead to the replica, swapped between the look at them and the opening of what they lead to. */
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { requireResolved } from '../../packages/core/dist/tree/guard-replica.js'
import { openRoot } from '../../packages/core/dist/tree/local.js'
import { useTemporaryDirectory } from '../support/temp.js'

const temporary = useTemporaryDirectory()

it.skipIf(process.platform !== 'linux')(
  'R08: links that were swapped before the folder was opened are noticed',
  () => {
    const at = temporary.path
    for (const name of ['one', 'other']) mkdirSync(join(at, name))
    symlinkSync('other', join(at, 'link'))
    const root = openRoot('replica', join(at, 'link'), 'proc')
    try {
      expect(() => requireResolved(root, join(at, 'one'))).toThrow(/led elsewhere a moment ago/)
      expect(() => requireResolved(root, join(at, 'other'))).not.toThrow()
      expect(() => requireResolved(root, undefined)).not.toThrow()
      // What is spelled otherwise, and leads there over no link, is the same.
      expect(() => requireResolved(root, `${at}//other`)).not.toThrow()
      expect(() => requireResolved(root, join(at, 'link'))).toThrow(/led elsewhere a moment ago/)
    } finally {
      root.close()
    }
  },
)
