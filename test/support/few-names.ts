import { directory, type LiteralNode } from './tree-literal.js'

/** The same few names on both sides, so that each kind meets each other, at every depth. */
export function withFewNames(node: LiteralNode): LiteralNode {
  if (node.is.kind !== 'directory') return node
  const children = [...node.is.children.values()].map(
    (child, at) => [fewNames[at] ?? `${at}`, withFewNames(child)] as const,
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
