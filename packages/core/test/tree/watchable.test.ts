import * as fs from 'node:fs'
import * as path from 'node:path'
import { expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { longestQueue, rootSignature, unwatchableType } from '../../src/tree/watchable.js'

const temporary = useTemporaryDirectory()
const at = (...names: string[]): string => path.join(temporary.path, ...names)

it('a local file system tells of its changes, and so does what is not there', () => {
  expect(unwatchableType(temporary.path)).toBeUndefined()
  expect(unwatchableType(at('gone'))).toBeUndefined()
})

it.skipIf(process.platform !== 'linux')('the queue is as long as the system says', () => {
  expect(longestQueue()).toBe(Number(fs.readFileSync('/proc/sys/fs/inotify/max_queued_events', 'latin1')))
})

it('a folder is known from another at its path, and from itself when it was changed', () => {
  fs.mkdirSync(at('a'))
  const first = rootSignature(at('a'))
  fs.utimesSync(at('a'), 1, 2)
  const changed = rootSignature(at('a'))
  fs.renameSync(at('a'), at('b'))
  expect(rootSignature(at('a'))).toBeUndefined()
  fs.mkdirSync(at('a'))
  const other = rootSignature(at('a'))
  expect(changed?.folder).toBe(first?.folder)
  expect(changed?.state).not.toBe(first?.state)
  expect(other?.folder).not.toBe(first?.folder)
})

it('a path that leads nowhere has none', () => {
  fs.writeFileSync(at('file'), '')
  expect(rootSignature(at('file/below'))).toBeUndefined()
})
