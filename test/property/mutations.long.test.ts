/**
 * Is each guard guarded? One after another is switched off in a copy of what was built, and the quick tests that
 * name it must go red. Before that, the same tests must be green in an unchanged copy.
 */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isRoot } from '../support/entry-kind.js'
import { canMount } from '../support/mounts.js'
import { temporaryDirectory } from '../support/temp.js'
import { copyWorkspace, mutate, type Mutation, runTests } from './mutated-copy.js'
import { mutationsOfFaults } from './mutations-of-faults.js'
import { mutationsOfLinks } from './mutations-of-links.js'
import { mutationsOfNeighbours } from './mutations-of-neighbours.js'
import { mutationsOfPlans } from './mutations-of-plans.js'
import { mutationsOfRuns } from './mutations-of-runs.js'

const all = [
  ...mutationsOfPlans,
  ...mutationsOfLinks,
  ...mutationsOfRuns,
  ...mutationsOfNeighbours,
  ...mutationsOfFaults,
]
const has = { mount: canMount, root: isRoot }
const atOnce = 2

describe('in an unchanged copy', () => {
  it('the tests that are to go red are green', async () => {
    using directory = temporaryDirectory()
    const copy = join(directory.path, 'copy')
    copyWorkspace(copy)
    const verdict = await runTests(copy, [...new Set(all.map(({ test }) => test[0]))])
    expect(verdict).toMatchObject({ failed: 0, timedOut: false, output: '' })
    expect(verdict.passed).toBeGreaterThan(all.length)
  })
})

let running = 0
const waiting: (() => void)[] = []

/** The tests of this file begin all at once; so many go on. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) await new Promise<void>(resolve => waiting.push(resolve))
  running += 1
  try {
    return await work()
  } finally {
    running -= 1
    waiting.shift()?.()
  }
}

describe.concurrent('switched off, tests go red:', () => {
  for (const mutation of all) {
    const { what, needs } = mutation
    const tools = needs === undefined ? '' : ` (needs ${needs})`
    it.skipIf(needs !== undefined && !has[needs])(`${what}${tools}`, async context => {
      const verdict = await inTurn(async () => await judge(mutation))
      context
        .expect(verdict.failed > 0 || verdict.timedOut, `${mutation.test.join(': ')} stayed green`)
        .toBe(true)
    })
  }
})

async function judge(mutation: Mutation): ReturnType<typeof runTests> {
  using directory = temporaryDirectory()
  const copy = join(directory.path, 'copy')
  copyWorkspace(copy)
  mutate(copy, mutation)
  return await runTests(copy, [mutation.test[0]], mutation.test[1], mutation.plain)
}
