import { describe, expect, it } from 'vitest'
import { Ledger, type Settlement } from '../../src/apply/ledger.js'
import type { OutcomeStatus } from '../../src/model/events.js'
import { pathOfNode, type DirectoryNode } from '../../src/model/pairs.js'
import type { RelativePath } from '../../src/model/path.js'
import { type ProblemCode, problem } from '../../src/model/problem.js'
import { created, deleted, type PairsLiteral, repaired, replaced, same, updated } from '../support/pairs.js'
import { type FakeOptions, type FakeRun, fakeRun } from './fake-run.js'

const literal: PairsLiteral = {
  n: created({ below: { x: created({ size: 7 }), s: created({ below: { y: created() } }) } }),
  o: deleted({ below: { f: deleted(), s: deleted({ below: { g: deleted() } }) } }),
  k: replaced('file', 'directory', { size: 5, below: { h: deleted() } }),
  l: replaced('directory', 'file', { below: { z: created() } }),
  r: repaired({ below: { v: created() } }),
  p: same({ below: { w: deleted(), m: repaired() } }),
  u: updated({ size: 3, was: 9 }),
}
const removals = ['o', 'o/f', 'o/s', 'o/s/g', 'k', 'k/h', 'p/w']

interface Kept {
  readonly run: FakeRun
  readonly ledger: Ledger
  readonly note: (status: OutcomeStatus, paths: readonly RelativePath[], code?: ProblemCode) => void
  /** The rows that are not to be tried. */
  readonly prejudged: () => Record<RelativePath, OutcomeStatus>
}

function keep(options: FakeOptions = {}): Kept {
  const run = fakeRun(literal, options)
  const ledger = new Ledger(run.input)
  const changes = [...run.plan.changes].map(({ path }) => path)
  return {
    run,
    ledger,
    note: (status, paths, code) => {
      const found = code === undefined ? undefined : problem(code, 'replica', '', '')
      for (const path of paths) ledger.note(run.row(path), status, found)
    },
    prejudged: () => {
      const all = changes.map(path => [path, ledger.prejudge(run.row(path))] as const)
      return Object.fromEntries(
        all.flatMap(([path, status]) => (status === undefined ? [] : [[path, status]])),
      )
    },
  }
}

describe('what is not tried', () => {
  it.each<[what: string, status: OutcomeStatus, paths: string[], skipped: string[]]>([
    ['nothing, before anything happened', 'failed', [], []],
    ['nothing, after what went well', 'done', ['n', 'o/f', 'o/s/g', 'k/h', 'l', 'u'], []],
    ['what goes into a directory that was not made', 'failed', ['n'], ['n/s', 'n/x']],
    ['what goes into one that is not to be made', 'skipped', ['n'], ['n/s', 'n/x']],
    ['what goes into those it holds, too', 'skipped', ['n', 'n/s'], ['n/s', 'n/s/y', 'n/x']],
    ['what goes into a file that is no directory yet', 'failed', ['l'], ['l/z']],
    ['a directory in which a file stays', 'failed', ['o/f'], ['o']],
    ['a directory in which a directory stays', 'skipped', ['o/s'], ['o']],
    ['only the directory right above it, until that is noted', 'failed', ['o/s/g'], ['o/s']],
    ['the file in the place of a directory in which something stays', 'failed', ['k/h'], ['k']],
    ['nothing, after attributes that were not set', 'failed', ['r', 'p/m'], []],
    ['nothing, after a file that was not written', 'failed', ['u', 'n/x', 'n/s/y'], []],
    ['nothing, after a deletion in a directory that stays', 'failed', ['p/w'], []],
  ])('%s', (_, status, paths, skipped) => {
    const { note, prejudged } = keep()
    note(status, paths)
    expect(prejudged()).toEqual(Object.fromEntries(skipped.map(path => [path, 'skipped'])))
  })

  it('is what the plan withholds', () => {
    const { prejudged } = keep({ hasHoles: true })
    expect(prejudged()).toEqual(Object.fromEntries(removals.map(path => [path, 'withheld'])))
  })

  it.each<[spared: RelativePath, skipped: string[]]>([
    ['o', ['o', 'o/f', 'o/s', 'o/s/g']],
    ['o/s', ['o/s', 'o/s/g']],
    ['k', ['k', 'k/h']],
  ])('is the removal of %s that was vetoed, and of all below', (spared, skipped) => {
    const { ledger, run, prejudged } = keep()
    ledger.spared.add(run.node(spared))
    expect(prejudged()).toEqual(Object.fromEntries(skipped.map(path => [path, 'skipped'])))
  })

  it('is no removal, once they are withheld', () => {
    const { ledger, note, prejudged } = keep()
    note('failed', ['o/f', 'n'])
    ledger.withholdRemovals()
    const expected = [...removals.map(path => [path, 'withheld']), ['n/s', 'skipped'], ['n/x', 'skipped']]
    expect(prejudged()).toEqual(Object.fromEntries(expected))
  })
})

function shown(nodes: ReadonlySet<DirectoryNode>): string[] {
  return [...nodes].map(node => pathOfNode(node)).sort()
}

describe('what was touched', () => {
  it.each<[path: RelativePath, touched: string[]]>([
    ['n', ['', 'n']],
    ['n/x', ['n']],
    ['o/f', ['o']],
    ['o', ['']],
    ['k', ['']],
    ['l', ['', 'l']],
    ['p/m', ['p']],
  ])('by %s: the directory it is in, and the one it is', (path, touched) => {
    const { ledger, run } = keep()
    ledger.touch(run.row(path))
    expect(shown(ledger.touched)).toEqual(touched)
  })

  it.each<[status: OutcomeStatus, paths: string[], touched: string[], removed: string[]]>([
    ['done', ['n', 'o', 'k', 'l', 'r'], ['', 'l', 'n', 'r'], ['k', 'o']],
    ['failed', ['n', 'o', 'k', 'l', 'r'], ['', 'r'], []],
    ['skipped', ['n', 'o', 'k', 'l', 'r'], ['', 'r'], []],
  ])('is forgotten where there is none: %s', (status, paths, touched, removed) => {
    const { ledger, run, note } = keep()
    for (const path of paths) ledger.touch(run.row(path))
    note(status, paths)
    expect([shown(ledger.touched), shown(ledger.removed)]).toEqual([touched, removed])
  })

  it('is forgotten when it was not reached', () => {
    const { ledger, run } = keep()
    for (const path of ['n', 'l', 'r']) ledger.touch(run.row(path))
    for (const path of ['n', 'l', 'r']) ledger.notReached(run.row(path))
    expect(shown(ledger.touched)).toEqual(['', 'r'])
  })

  it('is the root, when told', () => {
    const { ledger } = keep()
    ledger.touchRoot()
    expect(shown(ledger.touched)).toEqual([''])
  })
})

describe('a problem', () => {
  it.each<[code: ProblemCode | undefined, sourceUnread: boolean, isStopped: boolean]>([
    ['source-unreadable', true, false],
    ['storage-failed', false, true],
    ['source-changed', false, false],
    ['replica-failed', false, false],
    ['replica-changed', false, false],
    ['verify-failed', false, false],
    [undefined, false, false],
  ])('%s', (code, sourceUnread, isStopped) => {
    const { ledger, note } = keep()
    note('failed', ['u'], code)
    note('done', ['n'])
    expect(ledger).toMatchObject({ sourceUnread, isStopped })
  })
})

describe('what is settled', () => {
  const failure = problem('replica-failed', 'replica', 'u', 'planted')

  it.each<
    [path: string, status: OutcomeStatus, settlement: Settlement, outcome: string, counted: readonly number[]]
  >([
    ['u', 'done', { bytes: 4 }, 'done update u', [1, 4]],
    ['u', 'done', { bytes: 3, digest: 'abc' }, 'done update u abc', [1, 3]],
    ['u', 'failed', { bytes: 0, problem: failure }, 'failed update u', [1, 3]],
    ['n/x', 'skipped', { bytes: 0 }, 'skipped create n/x', [1, 7]],
    ['n', 'skipped', { bytes: 0 }, 'skipped create n', [1, 0]],
    ['k', 'withheld', { bytes: 0 }, 'withheld replace k: source not wholly read', [1, 5]],
    ['p/m', 'failed', { bytes: 0 }, 'failed metadata p/m', [1, 0]],
    ['o/f', 'withheld', { bytes: 0 }, 'withheld delete o/f: source not wholly read', [1, 0]],
  ])('%s %s is counted and told', async (path, status, settlement, outcome, [entries, bytes]) => {
    const { run, ledger } = keep()
    await ledger.settle(run.row(path), status, settlement)
    run.input.progress.tellNow()
    expect(run.outcomes).toEqual([outcome])
    expect(run.settled).toEqual([`${path} ${status} ${settlement.bytes}`])
    expect(run.problems).toEqual(settlement.problem === undefined ? [] : [failure])
    expect(run.progress.at(-1)).toMatchObject({ entries, bytes })
  })

  it('is told with the reason the plan withholds it for', async () => {
    const { run, ledger } = keep({ deletes: false })
    await ledger.settle(run.row('k'), 'withheld', { bytes: 0 })
    expect(run.outcomes).toEqual(['withheld replace k: deletions are switched off'])
  })

  it.each<[path: RelativePath, status: OutcomeStatus, asked: boolean]>([
    ['u', 'done', true],
    ['u', 'failed', false],
    ['n', 'done', false],
    ['o/f', 'done', false],
  ])('%s %s: a digest that only the caller can compute is asked for: %s', async (path, status, asked) => {
    const { run, ledger } = keep({ digestOf: ({ path: of }) => Promise.resolve(`digest of ${of}`) })
    await ledger.settle(run.row(path), status, { bytes: 0 })
    expect(run.outcomes[0]?.endsWith(`digest of ${path}`)).toBe(asked)
  })

  it('is not computed for nobody', async () => {
    const asked: string[] = []
    const { run } = keep({ digestOf: ({ path }) => Promise.resolve(String(asked.push(path))) })
    const ledger = new Ledger({ ...run.input, onOutcome: undefined })
    await ledger.settle(run.row('u'), 'done', { bytes: 1 })
    expect([asked, run.settled]).toEqual([[], ['u done 1']])
  })
})
