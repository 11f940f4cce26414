/** Schedules inside a process, with real folders, by the published library. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { type Report, scheduleSync } from '@facsimile/core'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { signalled } from '../support/signalled.js'
import { useTemporaryDirectory } from '../support/temp.js'
import { writeTree } from '../support/write-tree.js'

const temporary = useTemporaryDirectory()
const at = (...names: string[]): string => path.join(temporary.path, ...names)

it('W08: a series follows the source, tells a failure as a report, and goes on', async () => {
  writeTree(at('source'), { a: 'a' })
  await using series = scheduleSync({ source: at('source'), replica: at('replica'), every: 20 })
  const steps: readonly ((report: Report) => void)[] = [
    ({ exitCode }) => {
      expect(exitCode).toBe(0)
      fs.renameSync(at('source'), at('away'))
    },
    ({ exitCode, problems }) => {
      expect(exitCode).toBe(26)
      expect(problems.map(({ message }) => message).join()).toMatch(/source/)
      expect(series.state).toMatchObject({ failuresInARow: 1, lastSuccess: { exitCode: 0 } })
      expect(fs.readdirSync(at('replica'))).toEqual(['a'])
      fs.renameSync(at('away'), at('source'))
      fs.writeFileSync(at('source', 'b'), 'b')
    },
    ({ exitCode, changes }) => {
      expect([exitCode, changes.create.done]).toEqual([0, 1])
      expect(series.state.failuresInARow).toBe(0)
    },
  ]
  let step = 0
  for await (const report of series) {
    steps[step++]?.(report)
    if (step === steps.length) break
  }
  expect(series.state.phase).toBe('ended')
  expectEqualTrees(at('source'), at('replica'))
})

it('a cron expression with seconds runs each second, for several replicas', async () => {
  writeTree(at('source'), { a: 'a' })
  const starts: number[] = []
  const series = scheduleSync({ source: at('source'), replicas: [at('one'), at('two')], cron: '* * * * * *' })
  for await (const { exitCode, replicas } of series) {
    expect(exitCode).toBe(0)
    starts.push(Math.floor(Date.parse(replicas[0]?.report.startedAt ?? '') / 1000))
    if (starts.length === 3) break
  }
  expect(new Set(starts).size).toBe(3)
  for (const replica of ['one', 'two']) expectEqualTrees(at('source'), at(replica))
})

it('disposing of it stops the run under way: nothing is torn, and its report is the last', async () => {
  writeTree(at('source'), new Map(Array.from({ length: 300 }, (_, index) => [`file-${index}`, 'x'] as const)))
  const atWork = signalled()
  const series = scheduleSync({
    source: at('source'),
    replica: at('replica'),
    every: '1d',
    concurrency: 1,
    on: { change: atWork.settle },
  })
  const reports = (async () => {
    const all: Report[] = []
    for await (const report of series) all.push(report)
    return all
  })()
  await atWork.promise
  await series[Symbol.asyncDispose]()
  expect((await reports).map(({ exitCode }) => exitCode)).toEqual([130])
  expect(fs.readdirSync(at('replica')).every(name => name.startsWith('file-'))).toBe(true)
})

it('options that can never work end it at once', async () => {
  const series = scheduleSync({ source: at('source'), replica: at('replica'), cron: '0 0 31 2 *' })
  await expect(series[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    code: 'invalid-options',
    exitCode: 2,
  })
  expect(series.state.phase).toBe('ended')
})
