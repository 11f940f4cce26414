import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type HeldSide, listReplica, listSource } from '../../src/compare/list-sides.js'
import type { RootFacts } from '../../src/model/jobs.js'
import { NodeMark } from '../../src/model/node-mark.js'
import type { Name, RelativePath } from '../../src/model/path.js'
import type { Problem } from '../../src/model/problem.js'
import { HeldDirectories } from '../../src/tree/held-directories.js'
import type { Tree } from '../../src/tree/tree.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { symlink, type TreeLiteral } from '../../../../test/support/tree-literal.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { finish } from '../support/pairs.js'
import { openTree, systemError, ways, withOperations } from '../support/trees.js'

const temporary = useTemporaryDirectory()
const noFacts: Omit<RootFacts, 'replicaDevice'> = {
  sourceDevice: 0n,
  replicaIdentity: '',
  sourceIdentity: '',
  ownFiles: [],
  livingStagings: [],
  replicaMounts: [],
}

interface Told {
  readonly names: readonly string[]
  readonly marks: number
  readonly isHeld: boolean
  readonly problems: readonly Problem[]
}

describe.each(ways)('by %s', way => {
  function list(
    literal: TreeLiteral,
    look: (side: HeldSide, problems: Problem[], device: bigint) => ReturnType<typeof listSource>,
    wrap: (tree: Tree) => Tree = tree => tree,
  ): Told {
    writeTree(temporary.path, literal)
    using opened = openTree(temporary.path, way)
    const tree = wrap(opened.tree)
    const held = new HeldDirectories(tree)
    const problems: Problem[] = []
    const { names, marks, directory } = finish(look({ tree, held }, problems, tree.root.stat().device))
    held.close()
    return { names: [...names].sort(), marks, isHeld: directory !== undefined, problems }
  }

  function source(path: string, literal: TreeLiteral, wrap?: (tree: Tree) => Tree): Told {
    return list(literal, (side, problems) => listSource(side, path, problems), wrap)
  }

  it('the source’s names are listed', () => {
    const literal = { a: '', d: { x: '', y: {}, z: symlink('x') } }
    expect(source('', literal)).toEqual({ names: ['a', 'd'], marks: 0, isHeld: true, problems: [] })
    expect(source('d', literal)).toEqual({ names: ['x', 'y', 'z'], marks: 0, isHeld: true, problems: [] })
    expect(source('d/y', literal)).toEqual({ names: [], marks: 0, isHeld: true, problems: [] })
  })

  it.each<[what: string, path: string]>([
    ['itself', 'd/gone'],
    ['with one above it', 'd/gone/x'],
    ['with several above it', 'none/at/all'],
  ])('a directory of the source that is gone, %s, is absent and no hole', (_, path) => {
    expect(source(path, { d: {} })).toEqual({
      names: [],
      marks: NodeMark.vanished,
      isHeld: false,
      problems: [
        {
          code: 'source-changed',
          side: 'source',
          path,
          message: `directory "${path}" vanished while the source was read`,
          errno: undefined,
          exitCode: 24,
        },
      ],
    })
  })

  it.each<[what: string, path: string, literal: TreeLiteral, errno: RegExp]>([
    ['a file', 'd/x', { d: { x: '' } }, /^ENOTDIR$/],
    ['a link to a directory', 'd/x', { d: { x: symlink('../e') }, e: {} }, /^E(?:LOOP|NOTDIR)$/],
    ['a dangling link', 'd/x', { d: { x: symlink('nowhere') } }, /^E(?:LOOP|NOTDIR)$/],
    ['below a file', 'd/x/y', { d: { x: '' } }, /^E(?:NOTDIR|LOOP)$/],
    ['below a link', 'd/x/y', { d: { x: symlink('../e') }, e: { y: {} } }, /^E(?:LOOP|NOTDIR)$/],
  ])('a directory of the source that is %s by now is a hole', (_, path, literal, errno) => {
    const told = source(path, literal)
    expect(told).toMatchObject({ names: [], marks: NodeMark.hole, isHeld: false })
    expect(told.problems).toEqual([
      expect.objectContaining({ code: 'source-unreadable', side: 'source', path, exitCode: 23 }),
    ])
    expect(told.problems[0]?.errno).toMatch(errno)
  })

  it.each<[code: string, operations: (tree: Tree) => Partial<Tree>, path: string, message: string]>([
    [
      'EACCES',
      () => ({ openDirectory: fail('EACCES') }),
      'd',
      'cannot list "d": permission denied (EACCES); nothing will be deleted',
    ],
    [
      'EIO',
      () => ({ list: fail('EIO') }),
      'd',
      'cannot list "d": input/output error (EIO); nothing will be deleted',
    ],
    [
      'EIO',
      () => ({ list: fail('EIO') }),
      '',
      'cannot list the source: input/output error (EIO); nothing will be deleted',
    ],
    [
      'EMFILE',
      () => ({ openDirectory: fail('EMFILE') }),
      'd',
      'cannot list "d": too many files are open in this process (EMFILE); nothing will be deleted',
    ],
    // It says it is gone, and its parent still has it.
    [
      'ENOENT',
      () => ({ list: fail('ENOENT') }),
      'd',
      'cannot list "d": it is not there (ENOENT); nothing will be deleted',
    ],
    [
      'ENOENT',
      () => ({ list: fail('ENOENT') }),
      '',
      'cannot list the source: it is not there (ENOENT); nothing will be deleted',
    ],
    // It says it is gone, and its parent cannot be looked at.
    [
      'ENOENT',
      () => ({ openDirectory: fail('ENOENT'), stat: fail('EIO') }),
      'd',
      'cannot list "d": it is not there (ENOENT); nothing will be deleted',
    ],
  ])('%s in the source is a hole', (code, operations, path, message) => {
    const told = source(path, { d: { x: '' } }, tree => withOperations(tree, operations(tree)))
    expect(told).toMatchObject({ names: [], marks: NodeMark.hole, isHeld: false })
    expect(told.problems).toEqual([
      expect.objectContaining({ code: 'source-unreadable', errno: code, path, message }),
    ])
  })

  interface ReplicaQuestion {
    readonly path?: string
    readonly inSource?: boolean
    readonly otherDevice?: boolean
    readonly mounts?: readonly string[]
    readonly wrap?: (tree: Tree) => Tree
  }

  function replica(literal: TreeLiteral, question: ReplicaQuestion): Told {
    const { path = 'd', inSource = true, otherDevice = false, mounts = [], wrap } = question
    return list(
      literal,
      (side, problems, device) => {
        const facts = { ...noFacts, replicaDevice: otherDevice ? device + 1n : device, replicaMounts: mounts }
        return listReplica(side, { path, inSource, inReplica: true }, facts, problems)
      },
      wrap,
    )
  }

  const full = { d: { x: '', y: '' } }
  it.each<[what: string, question: ReplicaQuestion, names: readonly string[], marks: number]>([
    ['are listed', {}, ['x', 'y'], 0],
    ['are listed where the source has nothing', { inSource: false }, ['x', 'y'], 0],
    ['of the root are listed', { path: '' }, ['d'], 0],
    ['on another device are listed for the source’s', { otherDevice: true }, ['x', 'y'], NodeMark.mounted],
    [
      'on another device are not listed to be deleted',
      { otherDevice: true, inSource: false },
      [],
      NodeMark.mounted,
    ],
    ['of a bind mount are listed for the source’s', { mounts: ['d'] }, ['x', 'y'], NodeMark.mounted],
    [
      'of a bind mount are not listed to be deleted',
      { mounts: ['e', 'd'], inSource: false },
      [],
      NodeMark.mounted,
    ],
    ['beside a mount are listed', { mounts: ['d/e', 'dx'], inSource: false }, ['x', 'y'], 0],
  ])('the replica’s names %s', (_, question, names, marks) => {
    const isHeld = !(marks !== 0 && question.inSource === false)
    expect(replica(full, question)).toEqual({ names, marks, isHeld, problems: [] })
  })

  it.each<[what: string, literal: TreeLiteral, question: ReplicaQuestion, errno: RegExp]>([
    ['is gone', {}, {}, /^ENOENT$/],
    ['is a file by now', { d: '' }, {}, /^ENOTDIR$/],
    ['is a link by now', { d: symlink('e'), e: {} }, {}, /^E(?:LOOP|NOTDIR)$/],
    ['cannot be listed', full, { wrap: tree => withOperations(tree, { list: fail('EIO') }) }, /^EIO$/],
    [
      'may not be opened',
      full,
      { wrap: tree => withOperations(tree, { openDirectory: fail('EACCES') }) },
      /^EACCES$/,
    ],
  ])('a directory of the replica that %s is never taken for empty', (_, literal, question, errno) => {
    const told = replica(literal, question)
    expect(told).toMatchObject({ names: [], marks: NodeMark.replicaHole, isHeld: false })
    expect(told.problems).toEqual([
      expect.objectContaining({
        ...(told.problems[0]?.errno === 'EIO'
          ? { code: 'storage-failed', exitCode: 11 }
          : { code: 'replica-unreadable', exitCode: 23 }),
        side: 'replica',
        path: 'd',
      }),
    ])
    expect(told.problems[0]?.errno).toMatch(errno)
    expect(told.problems[0]?.message).toMatch(/^cannot list "d" in the replica: /)
  })

  it('D01: a list that fails after its first part shows nothing of what it had', () => {
    const literal = { d: { a: '', b: '' } }
    expect(source('d', literal, failingAmid)).toMatchObject({
      names: [],
      marks: NodeMark.hole,
      isHeld: false,
    })
    const look = (
      side: HeldSide,
      problems: Problem[],
      replicaDevice: bigint,
    ): ReturnType<typeof listReplica> => listReplica(side, request, { ...noFacts, replicaDevice }, problems)
    const request = { path: 'd' as RelativePath, inSource: true, inReplica: true }
    expect(list(literal, look, failingAmid)).toMatchObject({
      names: [],
      marks: NodeMark.replicaHole,
      isHeld: false,
    })
  })

  it('others are let in after each part of a long list', () => {
    const parts = [['a'], ['b', 'c'], ['d']] as Name[][]
    using opened = openTree(temporary.path, way)
    const tree = withOperations(opened.tree, { listInParts: () => parts.values() as never })
    const steps = listSource({ tree, held: new HeldDirectories(tree) }, '', [])
    for (const _ of parts) expect(steps.next().done).toBe(false)
    expect(steps.next()).toMatchObject({ done: true, value: { names: ['a', 'b', 'c', 'd'], marks: 0 } })
  })

  it('a directory that vanishes between being opened and being listed is absent', () => {
    const told = source('d', { d: {} }, tree =>
      withOperations(tree, {
        list: () => {
          rmSync(join(temporary.path, 'd'), { recursive: true })
          throw systemError('ENOENT')
        },
      }),
    )
    expect(told.marks).toBe(NodeMark.vanished)
  })
})

function failingAmid(tree: Tree): Tree {
  return withOperations(tree, {
    *listInParts(directory) {
      yield tree.list(directory).slice(0, 1)
      throw systemError('EIO')
    },
  })
}

function fail(code: string): () => never {
  return () => {
    throw systemError(code)
  }
}
