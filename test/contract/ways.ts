/** The ways to open a local tree, and what each can promise of itself. */
import type { HeldWay } from '../../packages/core/src/model/report.js'
import { openRoot } from '../../packages/core/src/tree/local.js'
import { openTree } from '../../packages/core/src/tree/open-tree.js'
import type { Promises, TreeUnderTest } from './tree-stage.js'

export type Way = {
  readonly way: HeldWay
  readonly named: string
  readonly open: (root: string) => TreeUnderTest
  readonly promises: Omit<Promises, 'keeps'>
}

const linux = process.platform === 'linux'

/** Those that this platform has. */
export const ways: readonly Way[] = [
  ...(linux
    ? [
        way('libc', 'the C library', { holdsDirectories: true, native: true }),
        way('proc', '/proc', { holdsDirectories: true, native: false }),
      ]
    : []),
  way('paths', 'paths', { holdsDirectories: false, native: false }),
]

function way(held: HeldWay, named: string, promises: Way['promises']): Way {
  const open = (path: string): TreeUnderTest => {
    const opened = openRoot('replica', path, held)
    return { tree: openTree(opened.spec), close: () => opened.close() }
  }
  return { way: held, named, open, promises }
}
