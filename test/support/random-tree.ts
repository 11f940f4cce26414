import { type Bytes, textOf } from './byte-names.js'
import type { Root } from './held-directories.js'
import { Random } from './random.js'
import { randomContent, randomInstant, randomMode, randomName, randomTarget } from './random-entry.js'
import {
  type EntryLiteral,
  type TreeLiteral,
  directory,
  fifo,
  file,
  hardLink,
  symlink,
} from './tree-literal.js'
import { writeTree } from './write-tree.js'

export type RandomTreeOptions = {
  readonly seed: number
  /** How many, without the root. */
  readonly entries: number
  readonly fifos?: boolean
  readonly hardLinks?: boolean
}

/** Writes a random tree: the same seed gives the same tree, attributes included. */
export function randomTree(root: Root, options: RandomTreeOptions): void {
  writeTree(root, randomLiteral(options))
}

type Growing = {
  readonly parent: Growing | undefined
  readonly name: Bytes
  readonly pathLength: number
  readonly children: Map<Bytes, EntryLiteral>
}

// So that tools that go by paths can read the tree, too.
const longestPath = 2500

function randomLiteral({ seed, entries, fifos, hardLinks }: RandomTreeOptions): TreeLiteral {
  const random = new Random(seed)
  const root: Growing = { parent: undefined, name: '' as Bytes, pathLength: 0, children: new Map() }
  const directories = [root]
  const files: string[] = []
  for (let made = 0; made < entries; made += 1) {
    const parent = random.pick(directories) ?? root
    const name = randomName(random, parent.children)
    const dice = random.fraction()
    const pathLength = parent.pathLength + 1 + name.length
    if (dice < 0.2 && pathLength < longestPath) {
      // Its place among its siblings; what it is becomes known when all below it is.
      parent.children.set(name, '')
      directories.push({ parent, name, pathLength, children: new Map() })
    } else if (dice < 0.3) {
      parent.children.set(name, symlink(textOf(randomTarget(random)), { mtime: randomInstant(random) }))
    } else if (fifos === true && dice < 0.32) {
      parent.children.set(name, fifo({ mtime: randomInstant(random) }))
    } else if (hardLinks === true && dice < 0.36 && files.length > 0) {
      parent.children.set(name, hardLink(random.pick(files) ?? ''))
    } else {
      parent.children.set(name, file(randomContent(random), attributes(random, 'file')))
      files.push(pathOf(parent, name))
    }
  }
  for (const { parent, name, children } of directories.reverse()) {
    const node = directory(asText(children), attributes(random, 'directory'))
    if (parent === undefined) return new Map(asText(children))
    parent.children.set(name, node)
  }
  throw new Error('no root')
}

function attributes(
  random: Random,
  kind: 'file' | 'directory',
): { readonly mode: number; readonly mtime: bigint } {
  return { mode: randomMode(random, kind), mtime: randomInstant(random) }
}

function asText(children: ReadonlyMap<Bytes, EntryLiteral>): ReadonlyMap<string, EntryLiteral> {
  return new Map([...children].map(([name, entry]) => [textOf(name), entry]))
}

function pathOf(parent: Growing, name: Bytes): string {
  const names: string[] = [textOf(name)]
  for (let at: Growing = parent; at.parent !== undefined; at = at.parent) names.unshift(textOf(at.name))
  return names.join('/')
}
