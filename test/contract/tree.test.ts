import { describe } from 'vitest'
import type { HeldWay } from '../../packages/core/src/model/report.js'
import { openRoot } from '../../packages/core/src/tree/local.js'
import { openTree } from '../../packages/core/src/tree/open-tree.js'
import { treeContract } from './tree.js'
import type { TreeUnderTest } from './tree-stage.js'

function local(way: HeldWay): (root: string) => TreeUnderTest {
  return path => {
    const opened = openRoot('replica', path, way)
    return { tree: openTree(opened.spec), close: () => opened.close() }
  }
}

describe.runIf(process.platform === 'linux')('a local tree by the C library', () => {
  treeContract(local('libc'), { holdsDirectories: true, native: true })
})

describe.runIf(process.platform === 'linux')('a local tree by /proc', () => {
  treeContract(local('proc'), { holdsDirectories: true, native: false })
})

describe('a local tree by paths', () => {
  treeContract(local('paths'), { holdsDirectories: false, native: false })
})
