/** How a run ends that does not go well: with what, and what is still done. */
import { describe, expect, it } from 'vitest'
import { applyPlan } from '../../src/apply/apply.js'
import { copying, done, large, removingFiles, shuffled, small } from './fake-plans.js'
import { type FakeOptions, type FakeRun, fakeRun } from './fake-run.js'

const mine = new Error('mine')

async function reject(): Promise<never> {
  return await Promise.reject(mine)
}

function rejectAt(which: string): (line: { readonly path: string }) => Promise<undefined> {
  return async ({ path }) => (path === which ? await reject() : undefined)
}

async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => undefined,
    (error: unknown) => error,
  )
}

describe('a failure', () => {
  it('of a deletion keeps the directories above it, and is told once', async () => {
    const run = fakeRun(small, {
      answer: line => (line === 'delete o/s/g' || line === 'delete k/h' ? 'failed' : 'done'),
    })
    await applyPlan(run.input)
    expect(run.batches.length).toBe(3)
    expect(run.outcomes.filter(line => !line.startsWith('done'))).toEqual([
      'failed delete k/h',
      'failed delete o/s/g',
      'skipped delete o/s',
      'skipped delete o',
      'skipped replace k',
    ])
    expect(run.problems.map(({ path }) => path)).toEqual(['k/h', 'o/s/g'])
    expect(run.finished.map(([path]) => path)).toEqual(['o/s', 'd', 'm', 'k', 'o', ''])
  })

  it('of what replaces a full directory leaves all of it, and is told once', async () => {
    const run = fakeRun(small, { answer: line => (line === 'stage replace k' ? 'failed' : 'done') })
    await applyPlan(run.input)
    expect(run.outcomes.filter(line => !line.startsWith('done'))).toEqual([
      'failed replace k',
      'skipped delete k/h',
    ])
    expect(run.batches.flat().filter(line => / k(\/|$)/.test(line))).toEqual(['stage replace k'])
  })

  it('to read what replaces a full directory withholds all removals', async () => {
    const unread = { state: 'failed', problem: 'source-unreadable' } as const
    const run = fakeRun(small, { answer: line => (line === 'stage replace k' ? unread : 'done') })
    await applyPlan(run.input)
    expect(run.batches.flat().filter(line => line.startsWith('delete'))).toEqual([])
    expect(run.outcomes.filter(line => !line.startsWith('done')).sort()).toEqual([
      'failed replace k',
      'withheld delete k/h: source not wholly read',
      'withheld delete o/f: source not wholly read',
      'withheld delete o/s/g: source not wholly read',
      'withheld delete o/s: source not wholly read',
      'withheld delete o: source not wholly read',
      'withheld delete z: source not wholly read',
    ])
  })

  it('of the storage stops the run: what was touched is put back, and nothing else is begun', async () => {
    const run = fakeRun(large, {
      answer: line =>
        line === 'create n1/0003'
          ? { state: 'failed', problem: 'storage-failed' }
          : line > 'create n1/0003'
            ? 'notReached'
            : 'done',
    })
    await applyPlan(run.input)
    expect(run.batches.flat().some(line => line.startsWith('delete'))).toBe(false)
    expect(run.outcomes.at(-1)).toBe('failed create n1/0003')
    expect(run.events.at(-2)).toBe('nothing is staged')
    expect(run.finished.map(([path]) => path)).toEqual(['n0/sub', 'n0', 'n1', ''])
    expect(run.problems).toHaveLength(1)
  })
})

describe('the run ends, and what was touched is put back,', () => {
  it.each<[what: string, options: (run: () => FakeRun) => FakeOptions, outcomes: readonly string[]]>([
    ['when it is aborted while it copies', run => ({ before: () => run().abort.abort(mine) }), done(copying)],
    [
      'when it is aborted while it removes',
      run => ({ before: (_, index) => (index === 2 ? run().abort.abort(mine) : undefined) }),
      done([...copying, ...removingFiles]),
    ],
    [
      'when it is aborted while it stages what replaces a directory',
      run => ({ before: (_, index) => (index === 1 ? run().abort.abort(mine) : undefined) }),
      done(copying),
    ],
    [
      'when it is aborted by an outcome',
      run => ({ onOutcome: line => (line === 'done update a' ? run().abort.abort(mine) : undefined) }),
      done(copying),
    ],
    ['when a thread died', () => ({ before: reject }), []],
    ['when a veto fails', () => ({ mayChange: rejectAt('d/x') }), []],
    [
      'when an outcome cannot be told',
      () => ({ onOutcome: async line => (line === 'done create d' ? await reject() : undefined) }),
      done(copying.slice(0, 2)),
    ],
    ['when a digest cannot be computed', () => ({ digestOf: rejectAt('d/x') }), done(copying.slice(0, 2))],
  ])('%s', async (_, options, outcomes) => {
    const run: FakeRun = fakeRun(
      small,
      options(() => run),
    )
    expect(await thrownBy(applyPlan(run.input))).toBe(mine)
    expect(run.outcomes).toEqual(outcomes)
    const [notStaged, finished] = run.events.slice(-2)
    expect([notStaged, finished?.split(' ')[0]]).toEqual(['nothing is staged', 'finish'])
    expect(run.finished.map(([path]) => path)).toContain('')
  })

  it('before it begun, when it was aborted by then', async () => {
    const run = fakeRun(small)
    run.abort.abort(mine)
    expect(await thrownBy(applyPlan(run.input))).toBe(mine)
    expect(run.events).toEqual(['nothing is staged', 'finish '])
  })

  it('but not before what is under way has ended', async () => {
    const { before } = shuffled(() => 0)
    let ended = 0
    const run = fakeRun(large, {
      width: 3,
      before: async (batch, index) => {
        if (index === 2) throw mine
        await before(batch, index)
        ended += 1
      },
    })
    expect(await thrownBy(applyPlan(run.input))).toBe(mine)
    expect(ended).toBe(run.batches.length - 1)
    expect(run.events.at(-2)).toBe('nothing is staged')
  })
})
