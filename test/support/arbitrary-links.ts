/** Gives the files of a tree more names, in any of its directories. */
import fc from 'fast-check'
import { type Bytes, textOf } from './byte-names.js'
import { directory, hardLink, type LiteralNode, rootOf, stepsOf, type TreeLiteral } from './tree-literal.js'

/** Which file, in which directory, under which name: numbers that count round. */
type Link = readonly [file: number, directory: number, name: string]

export function withHardLinks(
  tree: fc.Arbitrary<TreeLiteral | LiteralNode>,
  name: fc.Arbitrary<string>,
  most = 5,
): fc.Arbitrary<LiteralNode> {
  const link: fc.Arbitrary<Link> = fc.tuple(fc.nat(1000), fc.nat(1000), name)
  return fc.tuple(tree, fc.array(link, { maxLength: most })).map(([literal, links]) => linked(literal, links))
}

/** A link whose name is taken is left out. */
function linked(tree: TreeLiteral | LiteralNode, links: readonly Link[]): LiteralNode {
  const root = rootOf(tree)
  const { files, directories } = pathsOf(root)
  const added = new Map<string, Map<string, LiteralNode>>()
  for (const [from, into, name] of links) {
    const file = files[from % Math.max(1, files.length)]
    const at = directories[into % directories.length]
    if (file === undefined || at === undefined) continue
    const its = added.get(at) ?? new Map<string, LiteralNode>()
    added.set(at, its.set(name, hardLink(file)))
  }
  return rebuilt(root, '', added)
}

function rebuilt(
  node: LiteralNode,
  path: string,
  added: ReadonlyMap<string, ReadonlyMap<string, LiteralNode>>,
): LiteralNode {
  if (node.is.kind !== 'directory') return node
  const children = new Map<string, LiteralNode>(added.get(path) ?? [])
  for (const [name, child] of node.is.children) {
    const text = textOf(name)
    children.set(text, rebuilt(child, path === '' ? text : `${path}/${text}`, added))
  }
  const { mode, mtime, uid, gid, xattrs } = node.common
  return directory(children, {
    mode,
    mtime,
    xattrs: Object.fromEntries(xattrs),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  })
}

/** Whatever is not a directory may have several names, and here files, links and FIFOs do. */
const linkable: readonly string[] = ['file', 'symlink', 'fifo']

function pathsOf(root: LiteralNode): {
  readonly files: readonly string[]
  readonly directories: readonly string[]
} {
  const files: string[] = []
  const directories = ['']
  const names: Bytes[] = []
  for (const { step, name, node } of stepsOf(root)) {
    if (name === undefined) continue
    if (step === 'leave') {
      names.pop()
      continue
    }
    const path = textOf([...names, name].join('/') as Bytes)
    if (linkable.includes(node.is.kind)) files.push(path)
    if (step !== 'enter') continue
    directories.push(path)
    names.push(name)
  }
  return { files, directories }
}
