import { describe } from 'vitest'
import { everything } from '../support/file-systems.js'
import { treeContract } from './tree.js'
import { ways } from './ways.js'

describe.each(ways)('a local tree by $named', ({ open, promises }) => {
  treeContract(open, { ...promises, keeps: everything })
})
