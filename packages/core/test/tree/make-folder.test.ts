import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { makeFolder } from '../../src/tree/make-folder.js'

const temporary = useTemporaryDirectory()

it('makes a folder, and those it lies in, for us alone; one that is there stays', () => {
  const path = join(temporary.path, 'a', 'b', 'c')
  makeFolder(path)
  makeFolder(path)
  expect(statSync(path).mode & 0o777).toBe(0o700)
})

it.skipIf(process.platform !== 'linux')('fails where none can ever be made', () => {
  expect(() => makeFolder('/proc/none/at/all')).toThrow('ENOENT')
})
