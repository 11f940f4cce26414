/** A long directory, of which one thread lists the names and others look at most of them. */
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sliceLength } from '../../src/compare/name-slices.js'
import { NodeMark } from '../../src/model/node-mark.js'
import { bytes } from '../../../../test/support/byte-names.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import type { TreeLiteral } from '../../../../test/support/tree-literal.js'
import { systemError, ways, withOperations } from '../support/trees.js'
import { type Around, compareOnDisk, type Told } from './compare-on-disk.js'

const temporary = useTemporaryDirectory()
const [way] = ways

/** Names of which every part of the directory has some. */
function named(kind: string, count: number): TreeLiteral {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index * 7} ${kind}`, '']))
}

const both = named('both', sliceLength)
const source: TreeLiteral = { ...both, ...named('new', 900), [bytes('ff')]: '', d: {}, changed: '12' }
const replica: TreeLiteral = { ...both, ...named('old', 900), d: {}, changed: '1' }
/** More than two slices: those of both sides, and three that are like no other. */
const all = sliceLength + 1800 + 3

async function compare(around: Around): Promise<Told> {
  return await compareOnDisk(
    temporary.path,
    { l: source },
    { l: replica },
    { ...around, path: 'l', ...(way === undefined ? {} : { way }) },
  )
}

describe('names that are looked at by others', () => {
  it('come to the same', async () => {
    const alone = await compare({})
    expect(alone.shares).toBeUndefined()
    expect(alone).toMatchObject({ unchanged: sliceLength, marks: NodeMark.listed })
    const { shares = [], ...shared } = await compare({ beforeOthers: () => undefined })
    expect(shares.reduce((sum, each) => sum + each, 0)).toBe(all - sliceLength)
    expect(Object.keys(shared.rows)).toHaveLength(1803)
    expect(shared).toEqual(alone)
  })

  it('are left when the source’s directory is gone by then', async () => {
    const told = await compare({
      beforeOthers: () => rmSync(join(temporary.path, 's/l'), { recursive: true }),
    })
    expect(told.marks).toBe(NodeMark.listed | NodeMark.vanished)
    expect(told.problems.map(({ code, path }) => `${code} ${path}`)).toEqual(
      told.shares?.map(() => 'source-changed l'),
    )
  })

  it('D01: are a hole when it cannot be entered', async () => {
    let isUnreadable = false
    const told = await compare({
      beforeOthers: () => (isUnreadable = true),
      wrapSource: tree =>
        withOperations(tree, {
          openDirectory: (parent, name) => {
            if (isUnreadable) throw systemError('EACCES', -13)
            return tree.openDirectory(parent, name)
          },
        }),
    })
    expect(told.marks).toBe(NodeMark.listed | NodeMark.hole)
    expect(told.problems[0]).toMatchObject({ code: 'source-unreadable', path: 'l', errno: 'EACCES' })
  })

  it('are looked for nowhere else when the replica’s directory is', async () => {
    const told = await compare({
      beforeOthers: () => renameSync(join(temporary.path, 'r/l'), join(temporary.path, 'r/elsewhere')),
    })
    expect(told.marks).toBe(NodeMark.listed | NodeMark.replicaHole)
    expect(told.problems[0]).toMatchObject({ code: 'replica-unreadable', path: 'l', errno: 'ENOENT' })
  })
})
