/** What cannot be read while a directory is compared is never taken for absent. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { NodeMark } from '../../src/model/node-mark.js'
import type { Tree } from '../../src/tree/tree.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { systemError, withOperations } from '../support/trees.js'
import { type Around, compareOnDisk, type Told } from './compare-on-disk.js'

const temporary = useTemporaryDirectory()

async function compare(around: Around): Promise<Told> {
  return await compareOnDisk(
    temporary.path,
    { d: { a: 'a', b: 'b' } },
    { d: { b: 'c', z: '' } },
    { path: 'd', ...around },
  )
}

/** Fails for one name only. */
function failing(call: 'stat' | 'openFile', each: string, code: string): (tree: Tree) => Tree {
  return tree =>
    withOperations(tree, {
      [call]: (parent: never, name: never) => {
        if (name === each) throw systemError(code)
        return tree[call](parent, name)
      },
    })
}

function without(each: string): (tree: Tree) => Tree {
  return tree =>
    withOperations(tree, { stat: (parent, name) => (name === each ? undefined : tree.stat(parent, name)) })
}

const { listed, hole, vanished, replicaHole, unreadContent } = NodeMark
/** Cannot be listed. */
function list(code: string): (tree: Tree) => Tree {
  return tree =>
    withOperations(tree, {
      list: () => {
        throw systemError(code)
      },
    })
}

/** Is removed by somebody when it is about to be listed. */
function vanishing(tree: Tree): Tree {
  return withOperations(tree, {
    list: () => {
      rmSync(join(temporary.path, 's/d'), { recursive: true })
      throw systemError('ENOENT')
    },
  })
}

it.each<
  [what: string, around: Around, expected: Partial<Omit<Told, 'problems'>>, problem: readonly unknown[]]
>([
  [
    'a source directory: nothing is known, nothing is looked at',
    { wrapSource: list('EIO') },
    { rows: {}, marks: listed | hole },
    ['source-unreadable', 'd', 'EIO'],
  ],
  [
    'a replica directory: nothing is created there',
    { wrapReplica: list('EIO') },
    { rows: {}, marks: listed | replicaHole },
    ['storage-failed', 'd', 'EIO'],
  ],
  [
    'a source entry: a hole',
    { wrapSource: failing('stat', 'b', 'EACCES') },
    { rows: { a: 'create [new] s', z: 'delete [extraneous] r' }, marks: listed | hole },
    ['source-unreadable', 'd/b', 'EACCES'],
  ],
  [
    'a source entry that vanished: its replica is left alone',
    { wrapSource: without('b') },
    { rows: { a: 'create [new] s', z: 'delete [extraneous] r' }, marks: listed },
    ['source-changed', 'd/b', undefined],
  ],
  [
    'a replica entry: it is left alone, and so is the directory',
    { wrapReplica: failing('stat', 'b', 'EIO') },
    { rows: { a: 'create [new] s', z: 'delete [extraneous] r' }, marks: listed | replicaHole },
    ['replica-unreadable', 'd/b', 'EIO'],
  ],
  [
    'a source file’s content: deletions are withheld',
    { content: 'content', wrapSource: failing('openFile', 'b', 'EIO') },
    { rows: { a: 'create [new] s', z: 'delete [extraneous] r' }, marks: listed | unreadContent },
    ['source-unreadable', 'd/b', 'EIO'],
  ],
  [
    'a source file that vanished: it is left for the next run',
    { content: 'content', wrapSource: failing('openFile', 'b', 'ENOENT') },
    { rows: { a: 'create [new] s', z: 'delete [extraneous] r' }, marks: listed },
    ['source-changed', 'd/b', 'ENOENT'],
  ],
])('%s', async (_, around, expected, problem) => {
  const { problems, ...found } = await compare(around)
  expect(found).toMatchObject(expected)
  expect(problems.map(({ code, path, errno }) => [code, path, errno])).toEqual([problem])
})

it('a replica entry that vanished is created', async () => {
  const { rows, problems, marks } = await compare({ wrapReplica: without('b') })
  expect(rows).toEqual({ a: 'create [new] s', b: 'create [new] s', z: 'delete [extraneous] r' })
  expect([problems, marks]).toEqual([[], listed])
})

it('a replica-only entry that vanished is nothing', async () => {
  expect((await compare({ wrapReplica: without('z') })).rows).toEqual({ a: 'create [new] s' })
})

it('a source directory that vanished is no hole', async () => {
  const { rows, marks } = await compare({ wrapSource: vanishing })
  expect([rows, marks]).toEqual([{}, listed | vanished])
})
