import type { Buffer } from 'node:buffer'
import { textOf } from './byte-names.js'
import { octal } from './entry-kind.js'
import { type LiteralNode, type TreeLiteral, stepsOf } from './tree-literal.js'

/** A literal as the TypeScript that makes it. */
export function showLiteral(tree: TreeLiteral | LiteralNode): string {
  const lines: string[] = []
  for (const { step, name, node } of stepsOf(tree)) {
    const key = name === undefined || step === 'leave' ? '' : `${JSON.stringify(textOf(name))}: `
    const end = name === undefined ? '' : ','
    if (step === 'enter') lines.push(`${key}directory({`)
    else if (step === 'leave') lines.push(`}, ${showAttributes(node)})${end}`)
    else lines.push(`${key}${showEntry(node)}${end}`)
  }
  return lines.join('\n')
}

function showEntry(node: LiteralNode): string {
  const { is } = node
  switch (is.kind) {
    case 'file':
      return `${is.holes === true ? 'sparseFile' : 'file'}(${showContent(is.content)}, ${showAttributes(node)})`
    case 'symlink':
      return `symlink(${JSON.stringify(textOf(is.target))}, ${showAttributes(node)})`
    case 'fifo':
    case 'socket':
      return `${is.kind}(${showAttributes(node)})`
    case 'hard link':
      return `hardLink(${JSON.stringify(is.to.map(textOf).join('/'))})`
    case 'character device':
    case 'block device':
      return `device('${is.kind}', [${is.major}, ${is.minor}], ${showAttributes(node)})`
    case 'directory':
      return `directory({}, ${showAttributes(node)})`
  }
}

function showContent(content: Buffer): string {
  const uniform = content.length > 40 && content.every(byte => byte === content[0])
  return uniform ? `Buffer.alloc(${content.length}, ${content[0]})` : `bytes('${content.toString('hex')}')`
}

function showAttributes({ common, is }: LiteralNode): string {
  const { mode, mtime, uid, gid, xattrs } = common
  const parts = is.kind === 'symlink' ? [] : [`mode: 0o${octal(mode).replace(/^0(?=...)/, '')}`]
  parts.push(`mtime: ${mtime}n`)
  if (uid !== undefined) parts.push(`uid: ${uid}`)
  if (gid !== undefined) parts.push(`gid: ${gid}`)
  if (xattrs.size > 0) parts.push(`xattrs: { ${[...xattrs].map(showXattr).join(', ')} }`)
  return `{ ${parts.join(', ')} }`
}

function showXattr([name, value]: readonly [string, Buffer]): string {
  return `${JSON.stringify(name)}: ${showContent(value)}`
}
