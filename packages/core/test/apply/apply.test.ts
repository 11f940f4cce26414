import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyPlan } from '../../src/apply/apply.js'
import { created, deleted, same } from '../support/pairs.js'
import {
  copying,
  done,
  everything,
  large,
  planned,
  removingFiles,
  removingFolders,
  shuffled,
  small,
  staging,
} from './fake-plans.js'
import { fakeRun, files } from './fake-run.js'

describe('the phases', () => {
  it('copy, remove files, remove directories, and finish when nothing is staged', async () => {
    const run = fakeRun(small)
    await applyPlan(run.input)
    expect(run.batches).toEqual([copying, staging, removingFiles, removingFolders])
    expect(run.outcomes).toEqual(done(everything))
    expect(run.outcomes).toEqual(planned(run))
    expect(run.events.filter(event => !event.startsWith('done'))).toEqual([
      'batch of 4',
      'batch of 1',
      'batch of 4',
      'batch of 3',
      'nothing is staged',
      'finish d m ',
    ])
    expect(run.progress.map(({ phase }) => phase)).toEqual(['copy', 'delete', 'finish', 'finish'])
    expect(run.progress.at(-1)).toMatchObject({ entries: 12, totalEntries: 12, bytes: 0 })
  })

  it('begin with a replica that was made before', async () => {
    const rootPair = { action: 'create', reasons: ['new'], source: { kind: 'directory' } } as const
    const run = fakeRun({ a: created() }, { rootPair })
    await applyPlan(run.input)
    expect(run.batches).toEqual([['create a']])
    expect(run.outcomes).toEqual(['done create ', 'done create a'])
    expect(run.finished.map(([path]) => path)).toEqual([''])
  })

  it('of a plan without changes finish the root', async () => {
    const run = fakeRun({ e: same({ kind: 'directory' }) })
    await applyPlan(run.input)
    expect(run.events).toEqual(['nothing is staged', 'finish '])
  })
})

describe('with several hands', () => {
  it('outcomes come in the order of the plan, whatever is answered first', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.infiniteStream(fc.nat()),
        async (width, numbers) => {
          const { before, most } = shuffled(count => Number(numbers.next().value) % count)
          const answered = new Set<string>()
          const early: string[] = []
          const run = fakeRun(large, {
            width,
            before: async (batch, index) => {
              // A directory is made before what goes into it is begun elsewhere.
              for (const line of batch) {
                const parent = line.replace(/\/[^/]*$/, '')
                if (
                  line.startsWith('create') &&
                  parent !== line &&
                  !answered.has(parent) &&
                  !batch.includes(parent)
                )
                  early.push(line)
              }
              await before(batch, index)
              for (const line of batch) answered.add(line)
            },
          })
          await applyPlan(run.input)
          expect(run.outcomes).toEqual(planned(run))
          expect(early).toEqual([])
          // Enough that no hand waits for its next batch, and no more than can be remembered.
          expect(most()).toBeGreaterThan(width)
          expect(most()).toBeLessThan(width * 10)
        },
      ),
      { numRuns: 8, seed: 3 },
    )
  })

  it('directories are removed one batch after the other', async () => {
    const { before, most } = shuffled(held => held - 1)
    const run = fakeRun(files(1800, deleted({ kind: 'directory' })), { width: 4, before })
    await applyPlan(run.input)
    expect([run.batches.length, most()]).toEqual([4, 1])
  })

  it('a caller that takes its time with outcomes is waited for', async () => {
    const gate: (() => void)[] = []
    const run = fakeRun(files(10_000, created()), {
      width: 1,
      onOutcome: async () => await new Promise(resolve => void gate.push(resolve)),
    })
    const applied = applyPlan(run.input)
    for (let turns = 0; turns < 200; turns++) await turn()
    expect(run.batches.length).toBeLessThan(100)
    const open = (): void => {
      for (const resolve of gate.splice(0)) resolve()
    }
    for (let isOpen = true; isOpen; await turn()) {
      open()
      isOpen = run.outcomes.length < 10_000
    }
    open()
    await applied
    expect(run.outcomes).toEqual(planned(run))
  })
})

describe('a source file that could not be read', () => {
  it('withholds everything that would be removed (L1), and nothing else', async () => {
    const run = fakeRun(small, {
      answer: line => (line === 'update a' ? { state: 'failed', problem: 'source-unreadable' } : 'done'),
    })
    await applyPlan(run.input)
    expect(run.batches).toEqual([copying])
    const withheld = [...removingFiles, ...removingFolders].map(
      line => `withheld ${line}: source not wholly read`,
    )
    expect(run.outcomes).toEqual([
      'failed update a',
      ...done(copying.slice(1)),
      ...withheld,
      'done metadata m',
    ])
  })

  it.each(['source-changed', 'replica-failed', 'replica-changed', 'verify-failed'] as const)(
    'is not %s',
    async code => {
      const run = fakeRun(small, {
        answer: line => (line === 'update a' ? { state: 'failed', problem: code } : 'done'),
      })
      await applyPlan(run.input)
      expect(run.outcomes).toEqual(['failed update a', ...done(everything.slice(1))])
    },
  )
})
