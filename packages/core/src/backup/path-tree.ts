/** What is known of paths, kept as a tree: when a directory is renamed, what is known below goes with it at no cost. */
import { baseName, joinPath, type Name, parentPath, type RelativePath, splitPath } from '../model/path.js'

interface Node<T> {
  value: T | undefined
  readonly below: Map<Name, Node<T>>
}

export class PathTree<T> {
  private readonly root: Node<T> = { value: undefined, below: new Map() }

  get(path: RelativePath): T | undefined {
    return this.find(path)?.value
  }

  set(path: RelativePath, value: T | undefined): void {
    this.make(path).value = value
  }

  /** What is known of the new path and below stays where the old one has nothing to say. */
  move(from: RelativePath, to: RelativePath): void {
    const above = this.find(parentPath(from))
    const moved = above?.below.get(baseName(from))
    if (above === undefined || moved === undefined) return
    above.below.delete(baseName(from))
    const parent = this.make(parentPath(to))
    const there = parent.below.get(baseName(to))
    parent.below.set(baseName(to), there === undefined ? moved : merged(there, moved))
  }

  /** Those above before those below. */
  *entries(): Generator<readonly [path: RelativePath, value: T]> {
    const left: [path: RelativePath, node: Node<T>][] = [['', this.root]]
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [path, { value, below }] = next
      if (value !== undefined) yield [path, value]
      for (const [name, node] of below) left.push([joinPath(path, name), node])
    }
  }

  private find(path: RelativePath): Node<T> | undefined {
    let node: Node<T> | undefined = this.root
    for (const name of splitPath(path)) node = node?.below.get(name)
    return node
  }

  private make(path: RelativePath): Node<T> {
    let node = this.root
    for (const name of splitPath(path)) {
      const next = node.below.get(name) ?? { value: undefined, below: new Map() }
      node.below.set(name, next)
      node = next
    }
    return node
  }
}

/** Without recursion: paths may be very deep. */
function merged<T>(into: Node<T>, from: Node<T>): Node<T> {
  const left: [into: Node<T>, from: Node<T>][] = [[into, from]]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [old, given] = next
    if (given.value !== undefined) old.value = given.value
    for (const [name, node] of given.below) {
      const there = old.below.get(name)
      if (there === undefined) old.below.set(name, node)
      else left.push([there, node])
    }
  }
  return into
}
