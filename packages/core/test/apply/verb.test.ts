import { expect, it } from 'vitest'
import { verbOf } from '../../src/apply/verb.js'
import { actions } from '../../src/model/change.js'

it('each action reads well in "cannot … x in the replica"', () => {
  expect(actions.map(action => verbOf(action))).toEqual([
    'create',
    'update',
    'set the attributes of',
    'replace',
    'rename',
    'link',
    'delete',
  ])
})
