import { expect, it } from 'vitest'
import { type JudgedSource, newSource } from '../../src/plan/guard-source.js'

const settings = { allowNewSource: false, allowEmptySource: false }

function refusal(sourceSeen: JudgedSource['sourceSeen'], deletions: number): string | undefined {
  const byAction = { update: 2, replace: 1 }
  const totals = { deletions, additions: 0, replicaEntries: deletions, sourceEntries: 1, byAction }
  return newSource({ totals, sourceSeen, shownSource: '/s' } as unknown as JudgedSource, settings)?.message
}

it('R03: what is said of a source fits what was found', () => {
  expect(refusal('another file system', 1)).toContain(
    'it lies on another file system, as when a disk is not mounted or a wrong one is: 1 entry would be deleted',
  )
  for (const seen of ['another folder', 'made anew'] as const)
    expect(refusal(seen, 4)).toContain(
      'it is another folder on the same file system, as when it was made anew or swapped for another: ' +
        '4 entries would be deleted from the replica and 3 overwritten; ',
    )
  expect(refusal('as before', 4)).toBe(undefined)
})
