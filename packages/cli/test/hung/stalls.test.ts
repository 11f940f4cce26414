import { expect, it } from 'vitest'
import type { Memory } from '../../src/hung/call-paths.js'
import { Stalls, type ThreadSeen } from '../../src/hung/stalls.js'

const memory: Memory = {
  pathOf: descriptor => `/${descriptor}`,
  textAt: () => undefined,
  workingDirectory: () => '/',
}
const thread = (id: string, moves: string, call: string): ThreadSeen => ({ id, moves, call })

it('Z07: a thread that has not moved in a call about a path is told with how long', () => {
  const stalls = new Stalls('x64', memory)
  const waits = thread('1', 'a', '202 0x9 0x0')
  const look = (moves: string, now: number): unknown =>
    stalls.longest([waits, thread('2', moves, '0 0x7 0x0')], now, 1000)
  expect(look('a', 0)).toBeUndefined()
  expect(look('a', 999)).toBeUndefined()
  expect(look('a', 1000)).toEqual({ path: '/7', ms: 1000 })
  // It has moved, and is in a call once more.
  expect(look('b', 1500)).toBeUndefined()
  expect(look('b', 2500)).toEqual({ path: '/7', ms: 1000 })
})

it('of several the one that waits for the longest', () => {
  const stalls = new Stalls('x64', memory)
  const [one, two] = [thread('1', 'a', '0 0x7 0x0'), thread('2', 'a', '0 0x8 0x0')]
  stalls.longest([two], 0, 1000)
  stalls.longest([one, two], 500, 1000)
  expect(stalls.longest([one, two], 2000, 1000)).toEqual({ path: '/8', ms: 2000 })
})
