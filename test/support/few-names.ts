import { directory, type LiteralNode } from './tree-literal.js'

/** The same few names on both sides, so that each kind meets each other, at every depth. */
export function withFewNames(node: LiteralNode, names: readonly string[] = fewNames): LiteralNode {
  if (node.is.kind !== 'directory') return node
  const children = [...node.is.children.values()].map(
    (child, at) => [names[at] ?? `${at}`, withFewNames(child, names)] as const,
  )
  const { mode, mtime, uid, gid, xattrs } = node.common
  return directory(new Map(children), {
    mode,
    mtime,
    xattrs: Object.fromEntries(xattrs),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  })
}

export const fewNames = ['a', 'b', 'a!', 'é'] as const
