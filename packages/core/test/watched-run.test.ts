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

const planOf = (...changes: readonly object[]): Plan => ({ changes: changes as Change[] }) as unknown as Plan

it('W04: a run of what was touched needs the root that was watched', () => {
  expect(() => requireWatchedRoot(session(new Touched(), false).its)).toThrow(
    /no longer the folder that was watched/,
  )
  expect(() => requireWatchedRoot(session(new Touched()).its)).not.toThrow()
  expect(() => requireWatchedRoot(session(undefined, false).its)).not.toThrow()
})

it.each([
  [{ kind: 'file', action: 'update', before: { links: 1 }, after: { links: 2 } }, true],
  [{ kind: 'file', action: 'update', before: { links: 2 }, after: { links: 1 } }, true],
  [{ kind: 'file', action: 'create', before: undefined, after: { links: 1 } }, false],
  [{ kind: 'directory', action: 'create', before: undefined, after: { links: 3 } }, false],
  [{ kind: 'file', action: 'delete', before: { links: 2 }, after: undefined }, false],
])('a change of a file of several names is told: %j %j', (change, isTold) => {
  const { its, met } = session(new Touched())
  tellOfLinks(its, planOf({ kind: 'file', action: 'metadata', before: undefined, after: undefined }, change))
  expect(met()).toBe(isTold)
})

it('a run that looks at all need not tell', () => {
  const { its, met } = session(undefined)
  tellOfLinks(its, planOf({ kind: 'file', action: 'update', before: { links: 2 }, after: { links: 2 } }))
  expect(met()).toBe(false)
})
