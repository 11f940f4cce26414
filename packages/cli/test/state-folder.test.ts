import * as os from 'node:os'
import * as path from 'node:path'
import { expect, it } from 'vitest'
import { stateFolderFrom, stateFolderOf } from '../src/state-folder.js'

it('is in the folder that the environment names, if that is absolute', () => {
  const base = path.resolve('state')
  expect(stateFolderFrom({ XDG_STATE_HOME: base })).toBe(path.join(base, 'facsimile'))
  for (const env of [{}, { XDG_STATE_HOME: '' }, { XDG_STATE_HOME: 'state' }]) {
    expect(stateFolderFrom(env)).toBeUndefined()
  }
})

it('is in the home of the user else', () => {
  expect(stateFolderOf({ XDG_STATE_HOME: path.resolve('state') })).toBe(path.resolve('state/facsimile'))
  expect(stateFolderOf({})).toBe(path.join(os.homedir(), '.local', 'state', 'facsimile'))
})
