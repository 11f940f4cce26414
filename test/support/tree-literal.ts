/**
 * Trees as data. `{ 'a.txt': 'text', docs: { 'b.txt': file('b', { mode: 0o600 }) }, link: symlink('a.txt') }`
 * is a tree: text or bytes are a file, an object or a Map is a directory. Names and link targets are text in
 * which a lone surrogate U+DC80 to U+DCFF stands for a byte that is no UTF-8 (see `bytes` and `raw`). Modes
 * and times that are not given are fixed ones, so two trees from one literal are equal.
 */
import { Buffer } from 'node:buffer'
import { type Bytes, bufferOf, bytesOfText } from './byte-names.js'
import { type Instant, defaultMtime, nanoseconds } from './times.js'

export type Attributes = {
  readonly mode?: number
  readonly mtime?: Instant
  readonly uid?: number
  readonly gid?: number
  /** Extended attributes, by their full names; see `attribute-values.ts` for those with a form. */
  readonly xattrs?: Readonly<Record<string, string | Uint8Array>>
}

type Common = {
  readonly mode: number
  readonly mtime: bigint
  readonly uid: number | undefined
  readonly gid: number | undefined
  readonly xattrs: ReadonlyMap<string, Buffer>
}

/** Told apart from a directory written as an object by being of this class. */
export class LiteralNode {
  readonly common: Common
  readonly is: Content

  constructor(is: Content, mode: number, attributes: Attributes) {
    this.is = is
    this.common = {
      mode: attributes.mode ?? mode,
      mtime: nanoseconds(attributes.mtime ?? defaultMtime),
      uid: attributes.uid,
      gid: attributes.gid,
      xattrs: new Map(
        Object.entries(attributes.xattrs ?? {}).map(([name, value]) => [name, contentOf(value)]),
      ),
    }
  }
}

type Content =
  | { readonly kind: 'file'; readonly content: Buffer; readonly holes?: true }
  | { readonly kind: 'directory'; readonly children: ReadonlyMap<Bytes, LiteralNode> }
  | { readonly kind: 'symlink'; readonly target: Bytes }
  | { readonly kind: 'fifo' }
  | { readonly kind: 'socket' }
  | { readonly kind: 'character device' | 'block device'; readonly major: number; readonly minor: number }
  | { readonly kind: 'hard link'; readonly to: readonly Bytes[] }

export type TreeLiteral = { readonly [name: string]: EntryLiteral } | ReadonlyMap<string, EntryLiteral>
export type EntryLiteral = string | Uint8Array | LiteralNode | TreeLiteral

export function file(content: string | Uint8Array = '', attributes: Attributes = {}): LiteralNode {
  return new LiteralNode({ kind: 'file', content: contentOf(content) }, 0o644, attributes)
}

/** A file without the blocks that are nothing but zeros. */
export function sparseFile(content: Uint8Array, attributes: Attributes = {}): LiteralNode {
  return new LiteralNode({ kind: 'file', content: contentOf(content), holes: true }, 0o644, attributes)
}

function contentOf(content: string | Uint8Array): Buffer {
  return typeof content === 'string' ? bufferOf(bytesOfText(content)) : Buffer.from(content)
}

export function directory(children: TreeLiteral = {}, attributes: Attributes = {}): LiteralNode {
  const nodes = new Map<Bytes, LiteralNode>()
  const entries = isMap(children) ? children : Object.entries(children)
  for (const [name, entry] of entries) nodes.set(checkedName(name), nodeOf(entry))
  return new LiteralNode({ kind: 'directory', children: nodes }, 0o755, attributes)
}

/** The target is kept as it is: dangling, looping, absolute. */
export function symlink(target: string, attributes: Omit<Attributes, 'mode'> = {}): LiteralNode {
  return new LiteralNode({ kind: 'symlink', target: bytesOfText(target) }, 0o777, attributes)
}

export function fifo(attributes: Attributes = {}): LiteralNode {
  return new LiteralNode({ kind: 'fifo' }, 0o644, attributes)
}

export function socket(attributes: Attributes = {}): LiteralNode {
  return new LiteralNode({ kind: 'socket' }, 0o644, attributes)
}

/** Only root can make one. */
export function device(
  kind: 'character device' | 'block device',
  [major, minor]: readonly [number, number],
  attributes: Attributes = {},
): LiteralNode {
  return new LiteralNode({ kind, major, minor }, 0o644, attributes)
}

/** Another name for a file of the same literal, by its path from the root of the tree. */
export function hardLink(pathInTree: string): LiteralNode {
  return new LiteralNode({ kind: 'hard link', to: pathInTree.split('/').map(bytesOfText) }, 0, {})
}

export function rootOf(tree: TreeLiteral | LiteralNode): LiteralNode {
  const root = tree instanceof LiteralNode ? tree : directory(tree)
  if (root.is.kind !== 'directory') throw new Error('the root of a tree is a directory')
  return root
}

/** One step through a literal: a directory is entered and left, with all below it between. */
export type Step = {
  readonly step: 'enter' | 'leave' | 'entry'
  /** Undefined for the root. */
  readonly name: Bytes | undefined
  readonly node: LiteralNode
}

export function* stepsOf(tree: TreeLiteral | LiteralNode): Generator<Step, void, undefined> {
  const pending: Step[] = [{ step: 'enter', name: undefined, node: rootOf(tree) }]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    yield next
    const { is } = next.node
    if (next.step !== 'enter' || is.kind !== 'directory') continue
    pending.push({ ...next, step: 'leave' })
    for (const [name, node] of [...is.children].sort(([a], [b]) => (a < b ? 1 : -1))) {
      pending.push({ step: node.is.kind === 'directory' ? 'enter' : 'entry', name, node })
    }
  }
}

/** The node a hard link in the literal stands for. */
export function linkedNode(root: LiteralNode, to: readonly Bytes[]): LiteralNode {
  let node: LiteralNode | undefined = root
  for (const name of to) node = node?.is.kind === 'directory' ? node.is.children.get(name) : undefined
  if (node === undefined || node.is.kind === 'directory' || node.is.kind === 'hard link') {
    throw new Error(`a hard link goes to nothing it can be of: ${to.join('/')}`)
  }
  return node
}

function nodeOf(entry: EntryLiteral): LiteralNode {
  if (entry instanceof LiteralNode) return entry
  return typeof entry === 'string' || entry instanceof Uint8Array ? file(entry) : directory(entry)
}

function isMap(children: TreeLiteral): children is ReadonlyMap<string, EntryLiteral> {
  return children instanceof Map
}

function checkedName(name: string): Bytes {
  const bytes = bytesOfText(name)
  if (bytes === '' || bytes === '.' || bytes === '..' || /[/\0]/.test(bytes)) {
    throw new Error(`not a name: ${JSON.stringify(name)}`)
  }
  return bytes
}
