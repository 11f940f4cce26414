import { randomInt } from 'node:crypto'
import { it } from 'vitest'
import { holding, settings, useFolders } from '../support/mirror.js'
import { smallRealTree } from '../support/real-trees.js'
import { mirrorAndEdit } from './real-tree.js'

const folders = useFolders()
const seed = Number(process.env['FACSIMILE_TEST_SEED'] ?? randomInt(2 ** 31))
const some = settings.filter(({ held, concurrency }) => (held === holding) === concurrency > 1)

it.each(some)(
  `${smallRealTree.name}, edited at random, is mirrored ($held, $concurrency; seed ${seed})`,
  async setting => {
    await mirrorAndEdit(smallRealTree, folders, setting, { seed, rounds: 1, edits: 60 })
  },
)
