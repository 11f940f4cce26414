import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { bytesUnfinished, findUnfinished, removeButUnfinished } from '../../src/apply/unfinished.js'
import { stagingAt } from '../../src/apply/staging.js'
import type { Tree } from '../../src/tree/tree.js'
import { deadStaging, intended, leaveUnfinished } from './dead-staging.js'
import { useGround } from './ground.js'

const place = useGround()
const uid = process.geteuid?.() ?? 0
const part = (...names: readonly string[]): string => join(place.replica, deadStaging, '0', ...names)

function replica(): Tree {
  return place.open({}).context.replica.tree
}

function clear(tree: Tree): void {
  const staging = stagingAt(tree, deadStaging)
  if (staging !== undefined) removeButUnfinished(tree, staging)
}

it('is found with all that its note says', () => {
  const tree = replica()
  leaveUnfinished(tree, place.replica)
  expect(findUnfinished(tree, uid)).toEqual([
    { ...intended, staging: stagingAt(tree, deadStaging), thread: '0', name: '1', held: expect.any(Number) },
  ])
})

it.each<[what: string, spoil: () => void]>([
  ['a note that is cut off', () => writeFileSync(part('1.note'), '{"format":"facsimile-unf')],
  ['a note of another format', () => writeFileSync(part('1.note'), '{"format":"other","path":"d/big"}')],
  ['a note that is no object', () => writeFileSync(part('1.note'), 'null')],
  [
    'numbers that are none',
    () => writeFileSync(part('1.note'), '{"format":"facsimile-unfinished-1","path":"x","device":"y"}'),
  ],
])('is not believed with %s', (_, spoil) => {
  const tree = replica()
  leaveUnfinished(tree, place.replica)
  spoil()
  expect(findUnfinished(tree, uid)).toEqual([])
})

it('of another user is not looked at', () => {
  const tree = replica()
  leaveUnfinished(tree, place.replica)
  expect(findUnfinished(tree, uid + 1)).toEqual([])
})

it('keeps what can be gone on with, and removes the rest', () => {
  const tree = replica()
  leaveUnfinished(tree, place.replica)
  writeFileSync(part('2'), 'without a note')
  writeFileSync(part('3'), '')
  writeFileSync(part('3.note'), 'of nothing')
  mkdirSync(part('4', 'deep'), { recursive: true })
  clear(tree)
  expect(readdirSync(part()).toSorted()).toEqual(['1', '1.note'])
  writeFileSync(part('1'), '')
  clear(tree)
  expect(existsSync(join(place.replica, deadStaging))).toBe(false)
})

it('takes no room of a replica that is not there', () => {
  expect(bytesUnfinished(undefined, { uid })).toBe(0)
})
