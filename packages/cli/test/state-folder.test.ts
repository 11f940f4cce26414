import * as path from 'node:path'
import { expect, it } from 'vitest'
import { stateFolderFrom } from '../src/state-folder.js'

it('is in the folder that the environment names, if that is absolute', () => {
  const base = path.resolve('state')
  expect(stateFolderFrom({ XDG_STATE_HOME: base })).toBe(path.join(base, 'facsimile'))
  for (const env of [{}, { XDG_STATE_HOME: '' }, { XDG_STATE_HOME: 'state' }]) {
    expect(stateFolderFrom(env)).toBeUndefined()
  }
})
