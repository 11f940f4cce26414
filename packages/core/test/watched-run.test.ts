import { expect, it } from 'vitest'
import type { Change } from '../src/model/change.js'
import type { Plan } from '../src/model/plan.js'
import type { Session } from '../src/session.js'
import { Touched } from '../src/watch/touched.js'
import { requireWatchedRoot, tellOfLinks } from '../src/watched-run.js'

function session(
  touched: Touched | undefined,
  isWatched = true,
): { readonly met: () => boolean; readonly its: Session } {
  let met = false
  const watching = {
    touched,
    isWatched: () => isWatched,
    enter: () => {},
    meetsLinks: () => void (met = true),
  }
  return { met: () => met, its: { watching, roots: { source: { entry: {} } } } as unknown as Session }
}

const file = (links: number): object => ({ kind: 'file', links })
const planOf = (...changes: readonly object[]): Plan => ({ changes: changes as Change[] }) as unknown as Plan

it('W04: a run of what was touched needs the root that was watched', () => {
  expect(() => requireWatchedRoot(session(new Touched(), false).its)).toThrow(
    /no longer the folder that was watched/,
  )
  expect(() => requireWatchedRoot(session(new Touched()).its)).not.toThrow()
  expect(() => requireWatchedRoot(session(undefined, false).its)).not.toThrow()
})

it.each([
  ['update', file(1), file(2), true],
  ['update', file(2), file(1), true],
  ['create', undefined, file(1), false],
  ['create', undefined, { kind: 'directory', links: 3 }, false],
  ['replace', { kind: 'directory', links: 3 }, file(1), false],
  ['delete', file(2), undefined, false],
])('whether a file of several names is concerned: %s of %j by %j: %j', (action, before, after, isTold) => {
  const { its, met } = session(new Touched())
  tellOfLinks(
    its,
    planOf({ action: 'metadata', before: undefined, after: undefined }, { action, before, after }),
  )
  expect(met()).toBe(isTold)
})

it('a run that looks at all need not tell', () => {
  const { its, met } = session(undefined)
  tellOfLinks(its, planOf({ action: 'update', before: file(2), after: file(2) }))
  expect(met()).toBe(false)
})
