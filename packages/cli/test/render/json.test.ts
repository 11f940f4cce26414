import { describe, expect, it } from 'vitest'
import { jsonRenderer as json } from '../../src/render/json.js'
import {
  change,
  changeCounts,
  date,
  outcome,
  plan,
  problem,
  progress,
  report,
  run,
  runEnd,
  watchState,
} from '../support/samples.js'
import { schemaErrors } from '../support/schema.js'

const residuals = [
  { attribute: 'owner', count: 12, reason: 'not permitted', example: 'a\udcff' },
  { attribute: 'races', count: undefined, reason: 'paths are used', example: undefined },
] as const

describe('each line', () => {
  it.each([
    ['start', json.start(run())],
    [
      'plan',
      json.plan(
        plan([change()], { residuals, refusals: [{ code: 'empty-source', exitCode: 26, message: 'no' }] }),
      ),
    ],
    ['planned', json.planned(change())],
    ['planned, withheld', json.planned(change({ action: 'delete', withheld: 'source not wholly read' }))],
    ['outcome', json.outcome(outcome({ digest: 'ff' }, { reasons: ['size', 'mtime'] }))],
    ['outcome, failed', json.outcome(outcome({ status: 'failed', problem: problem() }))],
    ['outcome, not UTF-8', json.outcome(outcome({}, { path: 'a\udcff' }))],
    ['outcome, linked', json.outcome(outcome({}, { linkedTo: 'a', reasons: ['links', 'device'] }))],
    ['outcome, linked to what is not UTF-8', json.outcome(outcome({}, { linkedTo: 'a\udcff' }))],
    ['outcome, renamed', json.outcome(outcome({}, { action: 'rename', renamedFrom: 'a' }))],
    ['outcome, renamed from what is not UTF-8', json.outcome(outcome({}, { renamedFrom: 'a\udcff' }))],
    ['wait, after failures', json.wait(date, 2)],
    ['missed', json.missed(2)],
    ['watch', json.watch(watchState())],
    [
      'watch, degraded',
      json.watch(watchState({ coverage: 'degraded', reason: 'NFS', lastProof: undefined })),
    ],
    ['the report of a watch', json.end(runEnd({ report: { ...report(), scope: 'touched' } }))],
    ['problem', json.problem(problem({ errno: undefined }))],
    ['problem, not UTF-8', json.problem(problem({ path: '\udc80' }))],
    ['progress', json.progress(progress())],
    ['end', json.end(runEnd())],
    ['wait', json.wait(date)],
    [
      'end of all kinds',
      json.end(
        runEnd({
          exitCode: 23,
          report: report({ residuals, problems: [problem()], moreProblems: 1, changes: changeCounts() }),
          failures: [{ code: 'log-failed', exitCode: 23, message: 'full' }],
        }),
      ),
    ],
  ])('%s is as the schema says', (_, lines) => {
    expect(schemaErrors(lines)).toEqual([])
  })

  it('of one of several replicas has its name as it was given', () => {
    const about = json.about?.('./given') ?? json
    const lines = [
      about.start(run()),
      about.plan(plan([change()])),
      about.end(runEnd({ report: report() })),
    ].join('')
    const named = lines
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as { readonly replica: unknown })
    expect(named.map(({ replica }) => replica)).toEqual(Array.from({ length: 4 }, () => './given'))
  })

  it('is one object on one line, whatever the names are', () => {
    for (const path of ['a\nb', '\u2028', '__proto__', '"', '\\']) {
      const line = json.outcome(outcome({}, { path }))
      expect(line.indexOf('\n')).toBe(line.length - 1)
      expect(JSON.parse(line)).toMatchObject({ v: 1, type: 'outcome', path })
    }
  })

  it('carries a name that is not UTF-8 as its bytes', () => {
    expect(JSON.parse(json.outcome(outcome({}, { path: 'ü/a\udcff' })))).toMatchObject({
      pathBase64: Buffer.from([0xc3, 0xbc, 0x2f, 0x61, 0xff]).toString('base64'),
    })
  })

  it('says which changes are only planned', () => {
    expect(JSON.parse(json.planned(change()))).toMatchObject({ status: 'planned' })
    expect(JSON.parse(json.planned(change({ withheld: 'mounted file system' })))).toMatchObject({
      status: 'withheld',
    })
  })
})

describe('the end', () => {
  it('is the last line, after the errors and the report', () => {
    const lines = json.end(
      runEnd({ exitCode: 26, failures: [{ code: 'root-refused', exitCode: 26, message: 'no' }] }),
    )
    const types = lines
      .trimEnd()
      .split('\n')
      .map(line => (JSON.parse(line) as { type: string }).type)
    expect(types).toEqual(['error', 'report', 'end'])
  })

  it('counts the problems, each of which had its line', () => {
    const lines = json.end(runEnd({ report: report({ problems: [problem()], moreProblems: 2 }) }))
    expect(JSON.parse(lines.split('\n')[0] ?? '')).toMatchObject({ type: 'report', problems: 3 })
  })
})

it('finds what the schema does not describe', () => {
  expect(
    schemaErrors('{"v":1,"type":"end","exitCode":0,"time":"2026-01-31T12:00:00.000Z","more":1}\n'),
  ).toHaveLength(1)
  expect(schemaErrors('{"v":2,"type":"end","exitCode":0,"time":"2026-01-31T12:00:00.000Z"}\n')).toHaveLength(
    1,
  )
  expect(schemaErrors('{"v":1,"type":"other"}\n')).toHaveLength(1)
})
