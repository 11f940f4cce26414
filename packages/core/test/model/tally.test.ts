import { expect, it } from 'vitest'
import { Tally, type Tallied } from '../../src/model/tally.js'

it('counts by attribute, with the first example, in the order first met', () => {
  const tally = new Tally()
  tally.add('owner', 'a')
  tally.add('group', 'b', 3)
  tally.add('owner', 'c', 2)
  expect(tally.list()).toEqual([
    { attribute: 'owner', count: 3, example: 'a' },
    { attribute: 'group', count: 3, example: 'b' },
  ])
})

it('adds up across directories and threads, and is a copy', () => {
  const [one, other] = [new Tally(), new Tally()]
  one.add('owner', 'a')
  other.add('owner', 'b', 4)
  other.add('hard links', '')
  const plain = structuredClone(other.list()) as Tallied[]
  one.addAll(plain)
  one.addAll([])
  expect(one.list()).toEqual([
    { attribute: 'owner', count: 5, example: 'a' },
    { attribute: 'hard links', count: 1, example: '' },
  ])
  expect(other.list()[0]).toEqual({ attribute: 'owner', count: 4, example: 'b' })
  expect(new Tally().list()).toEqual([])
})
