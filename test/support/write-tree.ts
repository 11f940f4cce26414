import type { Buffer } from 'node:buffer'
import {
  chmodSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { type Bytes, bufferOf, show, textOf } from './byte-names.js'
import { editEntries, type EntryEdit, hasAttributes } from './extended-attributes.js'
import { HeldDirectories, type Root } from './held-directories.js'
import { Fifos, makeSpecialFile } from './special-files.js'
import { writeSparse } from './sparse-files.js'
import { floorTo, setMtime } from './times.js'
import { type LiteralNode, type TreeLiteral, linkedNode, rootOf, stepsOf } from './tree-literal.js'

/**
 * Makes the tree, and the root if it is missing. What is there already stays, unless the literal has another
 * entry of that name (a directory in the way of something else is an error). Beware when a file is written
 * twice: with the same size and the same default time, a mirror rightly takes both for equal.
 */
export function writeTree(root: Root, tree: TreeLiteral | LiteralNode): void {
  mkdirSync(root, { recursive: true })
  const literal = rootOf(tree)
  const at = new HeldDirectories(root)
  try {
    const links = makeEntries(at, literal)
    const from = new HeldDirectories(root)
    try {
      for (const { place, to } of links) {
        at.goTo(place.parent)
        from.goTo(to.parent)
        linkSync(from.at(to.name), at.at(place.name))
      }
    } finally {
      from.close()
    }
    at.goTo([])
    finishDirectories(at, literal)
  } finally {
    at.close()
  }
  // Last, for a change of owner takes capabilities away. It moves no time.
  editEntries(root, editsOf(literal))
}

/** What Node cannot set. */
function editsOf(tree: LiteralNode): readonly EntryEdit[] {
  const edits: EntryEdit[] = []
  const names: Bytes[] = []
  for (const { step, name, node } of stepsOf(tree)) {
    if (step === 'leave') {
      names.pop()
      continue
    }
    const path = (name === undefined ? '.' : [...names, name].join('/')) as Bytes
    for (const [attribute, value] of node.common.xattrs) edits.push({ path, name: attribute, value })
    if (hasAttributes && isFine(node)) edits.push({ path, mtime: node.common.mtime })
    if (step === 'enter' && name !== undefined) names.push(name)
  }
  return edits
}

type Place = { readonly parent: readonly Bytes[]; readonly name: Bytes }
type HardLink = { readonly place: Place; readonly to: Place }

function makeEntries(at: HeldDirectories, tree: LiteralNode): readonly HardLink[] {
  const links: HardLink[] = []
  const steps = [...stepsOf(tree)]
  const fifos = new Fifos(at.here.toString(), steps.filter(({ node }) => node.is.kind === 'fifo').length)
  try {
    for (const { step, name, node } of steps) {
      if (name === undefined) continue
      if (step === 'leave') at.up()
      else if (node.is.kind === 'directory') {
        makeDirectory(at.at(name))
        at.down(name)
      } else {
        makeRoom(at.at(name), name)
        if (node.is.kind === 'hard link') {
          linkedNode(tree, node.is.to)
          links.push({ place: { parent: at.names, name }, to: placeOf(node.is.to) })
        } else {
          makeEntry(at, name, node, fifos)
          giveAttributes(at.at(name), node)
        }
      }
    }
  } finally {
    fifos.close()
  }
  return links
}

function makeEntry(at: HeldDirectories, name: Bytes, { is }: LiteralNode, fifos: Fifos): void {
  const path = at.at(name)
  switch (is.kind) {
    case 'file':
      if (is.holes === true) writeSparse(path, is.content)
      else writeFileSync(path, is.content, { flag: 'wx' })
      break
    case 'symlink':
      symlinkSync(bufferOf(is.target), path)
      break
    case 'fifo':
      fifos.moveOneTo(path)
      break
    case 'socket':
    case 'character device':
    case 'block device':
      makeSpecialFile(path, is, at.here.toString())
      break
    case 'directory':
    case 'hard link':
      throw new Error(`${is.kind} is made elsewhere`)
  }
}

function makeDirectory(path: Buffer): void {
  // One that is there is opened up until it is finished.
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true) chmodSync(path, 0o700)
  else mkdirSync(path, 0o700)
}

function makeRoom(path: Buffer, name: Bytes): void {
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there?.isDirectory() === true) throw new Error(`a directory is in the way: ${show(textOf(name))}`)
  if (there !== undefined) unlinkSync(path)
}

function placeOf(names: readonly Bytes[]): Place {
  const name = names.at(-1)
  if (name === undefined) throw new Error('a hard link to nothing')
  return { parent: names.slice(0, -1), name }
}

function finishDirectories(at: HeldDirectories, tree: LiteralNode): void {
  for (const { step, name, node } of stepsOf(tree)) {
    if (step === 'enter' && name !== undefined) at.down(name)
    if (step !== 'leave') continue
    if (name !== undefined) at.up()
    giveAttributes(name === undefined ? at.here : at.at(name), node)
  }
}

/** Where the file system has modes. */
function giveMode(path: Buffer, mode: number): void {
  try {
    chmodSync(path, mode)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSYS') throw error
  }
}

function giveAttributes(path: Buffer, { common, is }: LiteralNode): void {
  if (common.uid !== undefined || common.gid !== undefined) {
    const now = lstatSync(path)
    lchownSync(path, common.uid ?? now.uid, common.gid ?? now.gid)
  }
  if (is.kind !== 'symlink') giveMode(path, common.mode)
  // Nanoseconds come last, all together.
  setMtime(path, hasAttributes ? floorTo(1000n, common.mtime) : common.mtime)
}

function isFine({ is, common }: LiteralNode): boolean {
  return is.kind !== 'hard link' && common.mtime % 1000n !== 0n
}
