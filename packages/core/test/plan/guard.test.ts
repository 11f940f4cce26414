import { describe, expect, it } from 'vitest'
import { zeroByAction, type PlanTotals } from '../../src/model/plan.js'
import { type GuardSettings, judgePlan, type MaxDelete } from '../../src/plan/guard.js'
import type { Loss } from '../../src/plan/losses.js'
import { escapeName } from '../../src/tree/names.js'

function totals(some: Partial<PlanTotals>): PlanTotals {
  return {
    changes: 0,
    withheld: 0,
    byAction: zeroByAction(),
    deletions: 0,
    additions: 0,
    bytes: 0,
    spaceNeeded: 0,
    unchanged: 0,
    sourceEntries: 1,
    replicaEntries: 0,
    ...some,
  }
}

const settings: GuardSettings = {
  delete: true,
  allowEmptySource: false,
  allowNewSource: false,
  maxDelete: undefined,
}

function judge(
  some: Partial<PlanTotals>,
  other: Partial<GuardSettings>,
  losses: readonly Loss[] = [],
): ReturnType<typeof judgePlan> {
  return judgePlan(
    { totals: totals(some), losses, shownPath: escapeName, sourceSeen: 'as before', shownSource: '/s' },
    { ...settings, ...other },
  )
}

function codes(
  some: Partial<PlanTotals>,
  other: Partial<GuardSettings>,
): readonly (readonly [string, number])[] {
  return judge(some, other).map(({ code, exitCode }) => [code, exitCode] as const)
}

function entries(limit: number): MaxDelete {
  return { unit: 'entries', limit }
}

function percent(limit: number): MaxDelete {
  return { unit: 'percent', limit }
}

describe('D03: maxDelete', () => {
  it.each<[maxDelete: MaxDelete, deletions: number, replicaEntries: number, refused: boolean]>([
    [entries(0), 0, 10, false],
    [entries(0), 1, 10, true],
    [entries(1), 1, 10, false],
    [entries(1), 2, 10, true],
    [entries(5), 4, 10, false],
    [entries(5), 5, 10, false],
    [entries(5), 6, 10, true],
    [entries(10), 10, 10, false],
    [entries(Number.MAX_SAFE_INTEGER), 1_000_000, 1_000_000, false],
    [percent(0), 0, 10, false],
    [percent(0), 1, 1_000_000, true],
    [percent(50), 4, 10, false],
    [percent(50), 5, 10, false],
    [percent(50), 6, 10, true],
    // What is left over is no entry: half of 11 is 5.
    [percent(50), 5, 11, false],
    [percent(50), 6, 11, true],
    [percent(50), 0, 1, false],
    [percent(50), 1, 1, true],
    [percent(99), 1, 1, true],
    [percent(99), 99, 100, false],
    [percent(99), 100, 100, true],
    [percent(100), 10, 10, false],
    [percent(100), 1, 1, false],
    [percent(100), 0, 0, false],
    [percent(33.3), 3, 10, false],
    [percent(33.3), 4, 10, true],
    [percent(0.1), 1, 1000, false],
    [percent(0.1), 2, 1000, true],
    [percent(0.1), 1, 999, true],
    [percent(12.5), 1, 8, false],
    [percent(12.5), 2, 8, true],
  ])('%o, %i deletions of %i entries: refused %s', (maxDelete, deletions, replicaEntries, refused) => {
    expect(codes({ deletions, replicaEntries }, { maxDelete })).toEqual(
      refused ? [['too-many-deletions', 25]] : [],
    )
  })

  it('a share with decimals is not cut short by the rounding of doubles', () => {
    const wrong: string[] = []
    for (let tenths = 1; tenths <= 10_000; tenths += 1) {
      for (const replicaEntries of [100, 700, 1000, 4200, 10_000, 123_000]) {
        const exactly = Math.floor((replicaEntries * tenths) / 10_000)
        const refused = codes({ deletions: exactly, replicaEntries }, { maxDelete: percent(tenths / 100) })
        const above = codes({ deletions: exactly + 1, replicaEntries }, { maxDelete: percent(tenths / 100) })
        if (refused.length > 0 || above.length !== 1) wrong.push(`${tenths / 100} % of ${replicaEntries}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('says how many, of how many, and how to go on', () => {
    const [byEntries] = judge({ deletions: 2, replicaEntries: 9 }, { maxDelete: entries(1) })
    expect(byEntries?.message).toBe(
      '2 entries would be deleted from the replica, and maxDelete (--max-delete) allows 1 entry: nothing was ' +
        'changed; look at a dry run, and raise the limit if that is what you want',
    )
    const [byPercent] = judge({ deletions: 1, replicaEntries: 1 }, { maxDelete: percent(50) })
    expect(byPercent?.message).toContain('1 entry would be deleted')
    expect(byPercent?.message).toContain('allows 50 % of 1 entry:')
  })
})

describe('an empty source', () => {
  it.each<[sourceEntries: number, replicaEntries: number, other: Partial<GuardSettings>, refused: boolean]>([
    [0, 1, {}, true],
    [0, 1_000, {}, true],
    [0, 0, {}, false],
    [1, 1, {}, false],
    [1, 1_000, {}, false],
    [0, 1, { allowEmptySource: true }, false],
    [0, 1, { delete: false }, false],
    [0, 1, { delete: false, allowEmptySource: true }, false],
    // Withheld or not: what is in scope counts, not what is planned.
    [0, 5, { maxDelete: percent(100) }, true],
  ])('%i in scope against %i, %o: refused %s', (sourceEntries, replicaEntries, other, refused) => {
    expect(codes({ sourceEntries, replicaEntries }, other)).toEqual(refused ? [['empty-source', 26]] : [])
  })

  it('is said first, with what would be lost and how to allow it', () => {
    const refusals = judge({ sourceEntries: 0, replicaEntries: 3, deletions: 3 }, { maxDelete: entries(2) })
    expect(refusals.map(({ code }) => code)).toEqual(['empty-source', 'too-many-deletions'])
    expect(refusals[0]?.message).toBe(
      'the source has nothing in scope, and the replica has 3 entries: nothing was changed; if the source is ' +
        'meant to be empty, allow it with allowEmptySource (--allow-empty-source)',
    )
  })

  it('that is allowed is still held to maxDelete', () => {
    const other = { allowEmptySource: true, maxDelete: entries(2) }
    expect(codes({ sourceEntries: 0, replicaEntries: 3, deletions: 3 }, other)).toEqual([
      ['too-many-deletions', 25],
    ])
  })
})

describe('D03, D04: without maxDelete, a replica that would shrink', () => {
  type Case = readonly [replicaEntries: number, deletions: number, additions: number, refused: boolean]
  it.each<Case>([
    // By more than half, and by more than 100 entries: both.
    [200, 100, 0, false],
    [200, 101, 0, true],
    [150, 100, 0, false],
    [150, 101, 0, true],
    [101, 101, 0, true],
    [100, 100, 0, false],
    [202, 101, 0, false],
    [203, 102, 0, true],
    [10_000, 5_000, 0, false],
    [10_000, 5_001, 0, true],
    [1_000_000, 400_000, 0, false],
    // Net of what is created: a build whose files all have new names.
    [10_000, 10_000, 10_000, false],
    [10_000, 10_000, 5_000, false],
    [10_000, 10_000, 4_999, true],
    [300, 300, 200, false],
    [150, 150, 49, true],
    [150, 150, 50, false],
    [10_000, 0, 10_000, false],
  ])(
    'from %i entries, by %i deleted and %i created: refused %s',
    (replicaEntries, deletions, additions, refused) => {
      const some = { replicaEntries, deletions, additions, sourceEntries: 1 }
      expect(codes(some, {})).toEqual(refused ? [['too-many-deletions', 25]] : [])
      expect(codes(some, { maxDelete: percent(100) })).toEqual([])
      expect(codes(some, { maxDelete: entries(deletions) })).toEqual([])
    },
  )

  it('passes where an empty source is allowed, and there is one', () => {
    const some = { replicaEntries: 1_000, deletions: 1_000 }
    expect(codes({ ...some, sourceEntries: 0 }, { allowEmptySource: true })).toEqual([])
    expect(codes({ ...some, sourceEntries: 1 }, { allowEmptySource: true })).toHaveLength(1)
  })

  it('is told with both counts, the largest losses, and what allows it', () => {
    const [refusal] = judge({ replicaEntries: 500, deletions: 300, additions: 2, sourceEntries: 202 }, {}, [
      { path: 'photos/\u001b[2J', entries: 290, bytes: 12_345 },
      { path: '', entries: 1, bytes: 0 },
    ])
    expect(refusal?.message).toBe(
      'the replica would shrink from 500 entries to 202: 300 entries would be deleted and 2 created (the most: 290 ' +
        'entries and 12345 bytes in "photos/\\x1b[2J", 1 entry and 0 bytes in "."): nothing was changed; if that is ' +
        'what you want, allow it with maxDelete (--max-delete), such as "100%"',
    )
  })
})
