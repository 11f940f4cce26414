import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Chunk } from '../../src/apply/chunks.js'
import { Ledger } from '../../src/apply/ledger.js'
import { runChunk } from '../../src/apply/run-chunk.js'
import { pathOfNode } from '../../src/model/pairs.js'
import type { RelativePath } from '../../src/model/path.js'
import { created, deleted, type PairsLiteral, updated } from '../support/pairs.js'
import { type FakeOptions, type FakeRun, fakeRun } from './fake-run.js'

/** Node's own is not moved by fake timers. */
vi.mock('node:timers/promises', () => ({
  setTimeout: async (delay: number, value: unknown, { signal }: { readonly signal: AbortSignal }) =>
    await new Promise((resolve, reject) => {
      setTimeout(resolve, delay, value)
      signal.addEventListener('abort', () => reject(new Error('stopped')))
    }),
}))

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const literal: PairsLiteral = {
  a: updated({ size: 3 }),
  d: created({ below: { e: created({ below: { y: created() } }), x: created({ size: 7 }) } }),
  z: updated(),
  old: deleted({ below: { f: deleted() } }),
}
const all = ['a', 'd', 'd/e', 'd/e/y', 'd/x', 'z']

interface Ran {
  readonly run: FakeRun
  readonly ledger: Ledger
  /** Resolves when all is settled and told. */
  readonly done: Promise<void>
  /** When each batch was sent, in milliseconds. */
  readonly times: readonly number[]
}

function start(
  paths: readonly RelativePath[],
  options: FakeOptions = {},
  whole: readonly RelativePath[] = ['d', 'd/e'],
): Ran {
  const times: number[] = []
  const begun = Date.now()
  const before: FakeOptions['before'] = async (batch, index) => {
    times.push(Date.now() - begun)
    await options.before?.(batch, index)
  }
  const run = fakeRun(literal, { ...options, before })
  const ledger = new Ledger(run.input)
  const chunk: Chunk = { index: 0, rows: paths.map(run.row), whole: new Set(whole.map(run.row)), after: [] }
  const done = runChunk(run.input, ledger, chunk).then(async tell => await tell())
  return { run, ledger, done, times }
}

async function ran(...given: Parameters<typeof start>): Promise<Ran> {
  const started = start(...given)
  await vi.runAllTimersAsync()
  await started.done
  return started
}

function touched({ ledger }: Ran): string[] {
  return [...ledger.touched].map(node => pathOfNode(node)).sort()
}

describe('a chunk', () => {
  it('is sent as one batch, and told row by row', async () => {
    const it = await ran(all, {
      answer: line => ({ state: 'done', bytes: line.length, digest: line.slice(0, 3) }),
    })
    expect(it.run.batches).toEqual([
      ['update a', 'create d', 'create d/e', 'create d/e/y', 'create d/x', 'update z'],
    ])
    expect(it.run.wholes).toEqual([['d', 'd/e']])
    expect(it.run.outcomes.slice(0, 2)).toEqual(['done update a upd', 'done create d cre'])
    expect(it.run.settled).toEqual([
      'a done 8',
      'd done 8',
      'd/e done 10',
      'd/e/y done 12',
      'd/x done 10',
      'z done 8',
    ])
    expect(touched(it)).toEqual(['', 'd', 'd/e'])
  })

  it('tells what could not be held, by row', async () => {
    const { run } = await ran(['a', 'z'], {
      answer: line => ({
        state: 'done',
        residuals: line.endsWith('z') ? ['hard links', 'extended attributes'] : [],
      }),
    })
    expect(run.residuals).toEqual(['z hard links', 'z extended attributes'])
  })

  it('is told when its caller says so, not before', async () => {
    const run = fakeRun(literal)
    const chunk = { index: 0, rows: all.map(run.row), whole: new Set<number>(), after: [] }
    const tell = await runChunk(run.input, new Ledger(run.input), chunk)
    expect([run.batches.length, run.outcomes]).toEqual([1, []])
    await tell()
    expect(run.outcomes).toHaveLength(6)
  })

  it('of which nothing is to be tried is not sent', async () => {
    const { run } = await ran(['d', 'd/x'], { mayChange: () => false })
    expect([run.batches, run.outcomes]).toEqual([[], ['skipped create d', 'skipped create d/x']])
  })

  it('fails when the executor does', async () => {
    const { done } = start(all, { before: async () => await Promise.reject(new Error('a thread died')) })
    await expect(done).rejects.toThrow('a thread died')
  })

  it('tells failures with their problem, and leaves out what was not reached', async () => {
    const states = ['failed', 'done', 'skipped', 'skipped', 'notReached', 'notReached'] as const
    let row = 0
    const it = await ran(all, { answer: () => states[row++] ?? 'done' })
    expect(it.run.outcomes).toEqual([
      'failed update a',
      'done create d',
      'skipped create d/e',
      'skipped create d/e/y',
    ])
    expect(it.run.problems.map(({ code, path }) => `${code} ${path}`)).toEqual(['replica-failed a'])
  })

  it('knows no directories that were not made, or not reached', async () => {
    const it = await ran(all, { answer: line => (line === 'create d' ? 'done' : 'notReached') })
    expect(touched(it)).toEqual(['', 'd'])
    const failed = await ran(all, { answer: line => (line === 'create d/e' ? 'failed' : 'done') })
    expect(touched(failed)).toEqual(['', 'd'])
  })
})

describe('a veto', () => {
  it('keeps a row from being sent, and what lies below a directory', async () => {
    const asked: string[] = []
    const mayChange: FakeOptions['mayChange'] = async ({ path }) => {
      asked.push(path)
      return await Promise.resolve(path !== 'd/e' && path !== 'a')
    }
    const it = await ran(all, { mayChange })
    // What is settled already is not asked about.
    expect(asked).toEqual(['a', 'd', 'd/e', 'd/x', 'z'])
    expect(it.run.batches).toEqual([['create d', 'create d/x', 'update z']])
    expect(it.run.outcomes).toEqual([
      'skipped update a',
      'done create d',
      'skipped create d/e',
      'skipped create d/e/y',
      'done create d/x',
      'done update z',
    ])
    expect(touched(it)).toEqual(['', 'd'])
  })

  it.each([true, undefined])('is only false: not %s', async given => {
    const { run } = await ran(['a'], { mayChange: () => given })
    expect(run.outcomes).toEqual(['done update a'])
  })

  it('of a deletion keeps the directory it is in', async () => {
    const { run } = await ran(['old/f', 'old'], { mayChange: ({ path }) => path !== 'old/f' }, [])
    expect(run.outcomes).toEqual(['skipped delete old/f', 'skipped delete old'])
  })

  it('is not asked for twice', async () => {
    const asked: string[] = []
    const { run } = await ran(['old/f', 'old'], {}, [])
    const ledger = new Ledger(run.input)
    ledger.asked.add(run.row('old'))
    const chunk = { index: 0, rows: ['old/f', 'old'].map(run.row), whole: new Set<number>(), after: [] }
    await runChunk({ ...run.input, mayChange: ({ path }) => void asked.push(path) }, ledger, chunk)
    expect([asked, run.batches.at(-1)]).toEqual([['old/f'], ['delete old/f', 'delete old']])
  })

  it('comes after what the plan withholds, which is not asked about', async () => {
    const asked: string[] = []
    const mayChange: FakeOptions['mayChange'] = ({ path }) => void asked.push(path)
    const { run } = await ran(['old/f', 'old'], { hasHoles: true, mayChange }, [])
    expect(asked).toEqual([])
    expect(run.outcomes.map(line => line.split(' ')[0])).toEqual(['withheld', 'withheld'])
  })
})

describe('what was in use', () => {
  it('is tried again after 20, 100 and 400 ms, and then has failed', async () => {
    const it = await ran(all, { answer: line => (line === 'update z' ? 'again' : 'done') })
    expect(it.run.batches.slice(1)).toEqual([['update z'], ['update z'], ['update z']])
    expect(it.times).toEqual([0, 20, 120, 520])
    expect(it.run.outcomes.at(-1)).toBe('failed update z')
    expect(it.run.problems).toHaveLength(1)
  })

  it('is done when a later try goes well, and nobody hears of the first', async () => {
    const it = await ran(all, {
      answer: (line, attempt) => (line === 'update a' && attempt < 3 ? 'again' : 'done'),
    })
    expect(it.times).toEqual([0, 20, 120])
    expect(it.run.outcomes).toEqual(
      all.map(path => `done ${path.startsWith('d') ? 'create' : 'update'} ${path}`),
    )
    expect(it.run.problems).toEqual([])
  })

  it('takes with it what depends on it, and no directory as a whole', async () => {
    const second = ['create d', 'create d/e', 'create d/e/y', 'create d/x']
    const it = await ran(all, {
      answer: (line, attempt) =>
        attempt > 1 ? 'done' : line === 'create d' ? 'again' : second.includes(line) ? 'skipped' : 'done',
    })
    expect(it.run.batches.slice(1)).toEqual([second])
    expect(it.run.wholes).toEqual([['d', 'd/e'], []])
    expect(it.run.outcomes.every(line => line.startsWith('done '))).toBe(true)
    expect(touched(it)).toEqual(['', 'd', 'd/e'])
  })

  it('leaves what depends on it skipped when it never goes well', async () => {
    const it = await ran(['d', 'd/x'], { answer: line => (line === 'create d' ? 'again' : 'skipped') })
    expect(it.run.batches).toHaveLength(4)
    expect(it.run.outcomes).toEqual(['failed create d', 'skipped create d/x'])
  })

  it('is not tried again once the run is stopped', async () => {
    const started = start(all, { answer: line => (line === 'update z' ? 'again' : 'done') })
    started.run.abort.abort()
    await vi.runAllTimersAsync()
    await started.done
    expect(started.times).toEqual([0])
    expect(started.run.outcomes.at(-1)).toBe('failed update z')
  })

  it('is not waited for any longer when the run is stopped meanwhile', async () => {
    const started = start(['z'], { answer: (_line, attempt) => (attempt < 3 ? 'again' : 'notReached') })
    await vi.advanceTimersByTimeAsync(50)
    started.run.abort.abort()
    await started.done
    expect(started.times).toEqual([0, 20, 50])
    expect(started.run.outcomes).toEqual([])
  })
})
