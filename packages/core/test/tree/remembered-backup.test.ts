import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { recallBackup, rememberBackup } from '../../src/tree/remembered-backup.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'

const temporary = useTemporaryDirectory()
const at = (name: string): string => join(temporary.path, name)

it('the last folder of each replica is found again', () => {
  rememberBackup(at('state'), at('r'), at('b'))
  rememberBackup(at('state'), at('other'), at('c'))
  expect(recallBackup(at('state'), at('r'))).toBe(at('b'))
  rememberBackup(at('state'), at('r'), at('d'))
  expect(recallBackup(at('state'), at('r'))).toBe(at('d'))
  expect(recallBackup(at('state'), at('other'))).toBe(at('c'))
})

it('nothing is found where no run was, or what tells of it is spoilt', () => {
  expect(recallBackup(at('state'), at('r'))).toBeUndefined()
  rememberBackup(at('state'), at('r'), at('b'))
  for (const file of readdirSync(at('state/backups'))) writeFileSync(at(`state/backups/${file}`), '{"format"')
  expect(recallBackup(at('state'), at('r'))).toBeUndefined()
})

it('a state folder in the replica is neither written to nor believed', () => {
  mkdirSync(at('r'))
  rememberBackup(at('r/state'), at('r'), at('b'))
  expect(readdirSync(at('r'))).toEqual([])
  expect(recallBackup(at('r/state'), at('r'))).toBeUndefined()
})
