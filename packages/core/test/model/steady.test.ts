import { expect, it } from 'vitest'
import { steadyTime } from '../../src/model/steady.js'
import { buildPairs, same } from '../support/pairs.js'

const time = 1_600_000_000_123_456_789n

function steady(source: bigint, replica: bigint, step = 1n): bigint | undefined {
  const literal = {
    ...same(),
    source: { kind: 'directory', mtimeNs: source },
    replica: { kind: 'directory', mtimeNs: replica },
  } as const
  const { pairs, row } = buildPairs({ a: literal })
  return steadyTime(pairs, { source: row('a') }, step)
}

it('is the time that both have, as far as it is kept', () => {
  expect(steady(time, time)).toBe(time)
  expect(steady(time, time - 700n, 1000n)).toBe(time / 1000n)
})

it.each<[what: string, source: bigint, replica: bigint, step: bigint]>([
  ['they differ', time, time + 1n, 1n],
  ['it was set by hand', (time / 1000n) * 1000n, (time / 1000n) * 1000n, 1n],
  ['too little is kept of it', time, time, 2_000_000_000n],
])('is none where %s', (_, source, replica, step) => {
  expect(steady(source, replica, step)).toBeUndefined()
})

it('is none of what is no directory on both sides', () => {
  const { pairs, row } = buildPairs({
    a: same(),
    b: { ...same({ below: {} }), replica: { kind: 'file' } },
    c: { ...same({ below: {} }), replica: undefined },
  })
  for (const name of ['a', 'b', 'c']) expect(steadyTime(pairs, { source: row(name) }, 1n)).toBeUndefined()
})

it('is that of two rows, where they are asked for', () => {
  const { pairs, row } = buildPairs({
    a: { ...same({ below: {} }), replica: { kind: 'directory', mtimeNs: time } },
    b: { ...same({ below: {} }), source: { kind: 'directory', mtimeNs: time } },
  })
  expect(steadyTime(pairs, { source: row('b'), replica: row('a') }, 1n)).toBe(time)
})
