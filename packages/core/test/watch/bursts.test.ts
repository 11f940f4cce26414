import { expect, it } from 'vitest'
import { Bursts } from '../../src/watch/bursts.js'

function bursts(longestQueue: number): { readonly bursts: Bursts; readonly endTurn: () => void } {
  const steps: (() => void)[] = []
  return {
    bursts: new Bursts(longestQueue, step => steps.push(step)),
    endTurn: () => {
      for (const step of steps.splice(0)) step()
    },
  }
}

it('W01: a turn that brings half of what the system keeps may have come too late', () => {
  const { bursts: counted } = bursts(8)
  expect([1, 2, 3, 4, 5].map(() => counted.note())).toEqual([false, false, false, true, true])
})

it('each turn is counted by itself', () => {
  const { bursts: counted, endTurn } = bursts(8)
  for (let turn = 0; turn < 5; turn++) {
    expect([1, 2, 3].map(() => counted.note())).toEqual([false, false, false])
    endTurn()
  }
})

it('a system that keeps one keeps none for sure', () => {
  expect(bursts(1).bursts.note()).toBe(true)
})
