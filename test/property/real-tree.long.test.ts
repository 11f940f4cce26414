import { randomInt } from 'node:crypto'
import { describe, it } from 'vitest'
import { settings, useFolders } from '../support/mirror.js'
import { realTrees } from '../support/real-trees.js'
import { mirrorAndEdit } from './real-tree.js'

const folders = useFolders()
const seed = Number(process.env['FACSIMILE_TEST_SEED'] ?? randomInt(2 ** 31))

describe.each(realTrees)('$name', tree => {
  it.each(settings)(
    `edited 200 times at random, is mirrored ($held, $concurrency; seed ${seed})`,
    async setting => {
      await mirrorAndEdit(tree, folders, setting, { seed, rounds: 1, edits: 200 })
    },
  )
})
