import { describe } from 'vitest'
import type { HeldWay } from '../../packages/core/src/model/report.js'
import { openLocalTree, openRoot } from '../../packages/core/src/tree/local.js'
import { treeContract } from './tree.js'
import type { TreeUnderTest } from './tree-stage.js'

function local(way: HeldWay): (root: string) => TreeUnderTest {
  return path => {
    const opened = openRoot('replica', path, way)
    return { tree: openLocalTree(opened.spec), close: () => opened.close() }
  }
}

describe.runIf(process.platform === 'linux')('a local tree by /proc', () => {
  treeContract(local('proc'), { holdsDirectories: true })
})

describe('a local tree by paths', () => {
  treeContract(local('paths'), { holdsDirectories: false })
})
