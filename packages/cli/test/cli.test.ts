import * as path from 'node:path'
import { SyncError } from '@facsimile/core'
import { describe, expect, it } from 'vitest'
import { call, changeLines, changes, compareOnly, mirror } from './support/fake-core.js'
import { fakeIo } from './support/fake-io.js'
import { changeCounts, counts, plan, problem, report } from './support/samples.js'
import { schemaErrors } from './support/schema.js'

describe('what the library is asked', () => {
  it('is what the flags say, and nothing else', async () => {
    const { asked, called } = await call([
      'a',
      'b',
      '--exclude',
      'x',
      '--no-delete',
      '-c',
      '--max-delete',
      '5',
    ])
    expect(called).toEqual(['sync'])
    const { signal, on, ...options } = asked[0] ?? { signal: undefined, on: undefined }
    expect(options).toEqual({
      callerHelps: true,
      source: 'a',
      replica: 'b',
      exclude: ['x'],
      delete: false,
      compare: 'content',
      maxDelete: 5,
    })
    expect(signal).toBeInstanceOf(AbortSignal)
    expect(on).toBeDefined()
  })

  it('is to compare for check', async () => {
    expect((await call(['check', 'a', 'b'])).called).toEqual(['check'])
  })

  it('is to keep its state where the environment says', async () => {
    const base = path.resolve('state')
    const { asked } = await call(['a', 'b'], mirror, fakeIo({ env: { XDG_STATE_HOME: base } }))
    expect(asked[0]?.stateFolder).toBe(path.join(base, 'facsimile'))
  })

  it('is nothing for help, version and usage errors', async () => {
    const help = await call(['--help'])
    expect([help.exitCode, help.called, help.err]).toEqual([0, [], ''])
    expect(help.out).toMatch(/^Usage: facsimile/)
    const version = await call(['--version'])
    expect([version.exitCode, version.called]).toEqual([0, []])
    expect(version.out).toMatch(/^\d+\.\d+\.\d+\S*\n$/)
    const wrong = await call(['a', '--\u001b[31m'])
    expect([wrong.exitCode, wrong.called, wrong.out]).toEqual([2, [], ''])
    expect(wrong.err).toMatch(/^facsimile: unknown option '--\\x1b\[31m'[^\n]*\n$/)
  })
})

describe('text', () => {
  it('tells each change and then the summary', async () => {
    const { out, err, exitCode } = await call(['a', 'b'])
    const summary = 'Created 1, updated 1, deleted 1; 3 unchanged.\nWrote 0 B in 12ms.\n'
    expect(out).toBe(`${changeLines}${summary}The replica equals the source.\n`)
    expect([err, exitCode]).toEqual(['', 0])
  })

  it('shows the very lines in a dry run and in a check', async () => {
    for (const preview of [await call(['a', 'b', '-n']), await call(['check', 'a', 'b'], compareOnly)]) {
      expect(preview.out.slice(0, changeLines.length)).toBe(changeLines)
    }
  })

  it('shows no changes of a plan that is refused', async () => {
    const { out, err, exitCode } = await call(['a', 'b', '-n'], async ({ on }) => {
      const refusal = { code: 'too-many-deletions', exitCode: 25, message: 'too many' } as const
      await on?.plan?.(plan(changes, { refusals: [refusal] }))
      const refused = report({ exitCode: 25, exact: false })
      throw new SyncError('too-many-deletions', 25, 'too many', { report: refused })
    })
    expect([out, err, exitCode]).toEqual(['', 'facsimile: too many\n', 25])
  })

  it('shows the differences that a check finds, whatever a sync would refuse', async () => {
    const { out } = await call(['check', 'a', 'b'], async ({ on }) => {
      const refusal = { code: 'empty-source', exitCode: 26, message: 'empty' } as const
      await on?.plan?.(plan(changes, { refusals: [refusal] }))
      return report({ exitCode: 28, exact: false })
    })
    expect(out).toContain(changeLines)
  })

  it('says the reasons with --verbose', async () => {
    expect((await call(['a', 'b', '-v'])).out).toContain('update    a\\nb  (size, mtime)\n')
  })

  it('says only problems with --quiet', async () => {
    const quiet = await call(['a', 'b', '-q'], options => {
      options.on?.problem?.(problem({ message: 'no' }))
      options.on?.problem?.(problem({ code: 'notice', message: 'so' }))
      return mirror(options)
    })
    expect([quiet.out, quiet.err]).toEqual(['', 'facsimile: no\n'])
  })
})

describe('a run that fails', () => {
  it.each([
    ['invalid-options', 2],
    ['root-refused', 26],
    ['locked', 27],
    ['internal', 1],
  ] as const)('with %s says so once and ends with %d', async (code, exitCode) => {
    const ended = await call(['a', 'b'], () => Promise.reject(new SyncError(code, exitCode, 'no\u001b')))
    expect(ended.exitCode).toBe(exitCode)
    expect(ended.out).toBe('')
    expect(ended.err).toMatch(/^facsimile: .*no\\x1b.*\n$/)
  })

  it('that carries a report has its summary', async () => {
    const changed = changeCounts({ update: counts({ planned: 1, failed: 1 }) })
    const partly = report({ exitCode: 23, exact: false, changes: changed })
    const rejection = new SyncError('incomplete', 23, 'x', { report: partly })
    const ended = await call(['a', 'b'], () => Promise.reject(rejection))
    expect(ended.exitCode).toBe(23)
    expect(ended.out).toMatch(/Failed: 1 \(update 1\)\.\nThe replica does not equal the source\.\n$/)
    expect(ended.err).toBe('')
  })

  it('need not reject', async () => {
    const ended = await call(['a', 'b'], () => Promise.resolve(report({ exitCode: 24, exact: false })))
    expect(ended.exitCode).toBe(24)
  })
})

describe('--json', () => {
  it('tells everything on stdout, as the schema says', async () => {
    const { out, err } = await call(['a', 'b', '--json'])
    expect(schemaErrors(out)).toEqual([])
    const lines = out.trimEnd().split('\n')
    const types = lines.map(line => (JSON.parse(line) as { type: string }).type)
    const outcomes = ['outcome', 'outcome', 'outcome']
    expect(types.filter(type => type !== 'progress')).toEqual(['start', 'plan', ...outcomes, 'report', 'end'])
    expect(err).toBe('')
  })

  it('tells a refusal too', async () => {
    const refusal = new SyncError('root-refused', 26, 'no')
    const { out, err, exitCode } = await call(['a', 'b', '--json'], () => Promise.reject(refusal))
    expect(schemaErrors(out)).toEqual([])
    expect(out).toContain('"type":"error","code":"root-refused","exitCode":26,"message":"no"')
    expect([err, exitCode]).toEqual(['', 26])
  })
})
