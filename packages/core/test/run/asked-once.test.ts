import { expect, it } from 'vitest'
import { askedOnce } from '../../src/run/asked-once.js'

const entry = { path: 'a', device: 1n, inode: 2n, mtimeNs: 3n, ctimeNs: 4n }

it('is asked once for so many runs, and then anew', () => {
  let asked = 0
  const ask = askedOnce(() => ++asked, 3)
  expect([ask(entry), ask(entry), ask(entry), ask(entry)]).toEqual([1, 1, 1, 2])
})

it.each(['device', 'inode', 'mtimeNs', 'ctimeNs'] as const)(
  'is asked again where the %s is another',
  part => {
    let asked = 0
    const ask = askedOnce(() => ++asked, 3)
    ask(entry)
    expect(ask({ ...entry, [part]: 9n })).toBe(2)
  },
)

it('asks again about one name elsewhere', () => {
  let asked = 0
  const ask = askedOnce(() => ++asked, 3)
  ask(entry)
  expect(ask({ ...entry, path: 'b' })).toBe(2)
})

it('keeps no more answers than there is room for', () => {
  let asked = 0
  const ask = askedOnce(() => ++asked, 2)
  for (let inode = 0n; inode <= 100_000n; inode++) ask({ ...entry, inode })
  expect(ask({ ...entry, inode: 0n })).toBe(100_002)
  expect(ask({ ...entry, inode: 100_000n })).toBe(100_001)
})
