import { expect, it } from 'vitest'
import type { ToldStep } from '../../src/backup/read-journal.js'
import type { Was } from '../../src/backup/records.js'
import { stepBack } from '../../src/backup/steps-back.js'

const was: Was = {
  kind: 'file',
  size: 0,
  mode: 0,
  uid: 0,
  gid: 0,
  mtime: '0',
  ctime: '0',
  inode: '1',
  links: 1,
  xattrs: [],
}
const kept = { at: 'kept-0/1', isCopy: false, was }
const sure = { at: '1', isSure: true }

it.each<[step: ToldStep, done: string, path: string]>([
  [{ op: 'put', path: 'p', inode: '1', ...sure }, 'removed', 'p'],
  [{ op: 'put', path: 'p', inode: '1', kept, ...sure }, 'restored', 'p'],
  [{ op: 'take', path: 'p', kept, ...sure }, 'restored', 'p'],
  [{ op: 'makeDirectory', path: 'p', ...sure }, 'removed', 'p'],
  [{ op: 'removeDirectory', path: 'p', was, ...sure }, 'restored', 'p'],
  [{ op: 'move', from: 'old', path: 'p', inode: '1', ...sure }, 'renamed', 'old'],
  [{ op: 'set', path: 'p', was, ...sure }, 'attributes', 'p'],
])('%j is told as %s', (step, done, path) => {
  expect(stepBack(step)).toEqual([done, path])
})
