import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { taskXml } from '../../src/jobs/schtasks.js'
import { job, nastyNames } from '../support/jobs.js'

const call = ['C:\\node\\node.exe', 'C:\\f\\main.js', 'schedule', 'run', 'nightly']

/** What a parser of XML finds: the texts of the elements of a name. */
function texts(xml: string, name: string): readonly string[] {
  const script = `
import json,sys,xml.etree.ElementTree as e
r=e.fromstring(sys.stdin.read().replace('encoding="UTF-16"',''))
print(json.dumps([x.text for x in r.iter('{http://schemas.microsoft.com/windows/2004/02/mit/task}'+sys.argv[1])]))`
  const { status, stdout, stderr } = spawnSync('python3', ['-c', script, name], {
    input: xml,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as string[]
}

/** A command line as programs of Windows take it apart. */
function taken(line: string): readonly string[] {
  const words: string[] = []
  for (const [, quoted, plain] of line.matchAll(/"((?:[^"\\]|\\+(?!["\\])|(?:\\\\)+(?="))*)"|(\S+)/g))
    words.push(quoted?.replace(/(\\+)$/, slashes => slashes.slice(slashes.length / 2)) ?? plain ?? '')
  return words
}

/** What PowerShell runs: words in single quotes, in which two are one. */
function run(script: string): readonly string[] {
  const [, words = ''] = /^& (.*); exit \$LASTEXITCODE$/s.exec(script) ?? []
  return [...words.matchAll(/'((?:[^'\u2018-\u201b]|(['\u2018-\u201b])\2)*)'/g)].map(([, word = '']) =>
    word.replaceAll(/(['\u2018-\u201b])\1/g, '$1'),
  )
}

it('says what is run, one at a time, and makes up for what was missed', () => {
  const xml = taskXml({ job: job(), call })
  expect(texts(xml, 'Command')).toEqual([call[0]])
  expect(taken(texts(xml, 'Arguments')[0] ?? '')).toEqual(call.slice(1))
  expect(texts(xml, 'Interval')).toEqual(['PT15M'])
  expect(texts(xml, 'StartWhenAvailable')).toEqual(['true'])
  expect(texts(xml, 'MultipleInstancesPolicy')).toEqual(['IgnoreNew'])
})

it.each([
  [{ cron: '30 2,14 * * *' }, ['2026-01-31T02:30:00', '2026-01-31T14:30:00']],
  [{ cron: '0 2 * * 1-5' }, ['2026-01-31T02:00:00']],
])('%j has a trigger for each time of the day', (fields, times) => {
  expect(texts(taskXml({ job: job(fields), call }), 'StartBoundary')).toEqual(times)
})

it.each([{ cron: '*/2 */2 * * *' }, { cron: '0 0 1 * *' }, { cron: '0 2 * * *', timeZone: 'UTC' }])(
  '%j is looked at each minute',
  fields => {
    const xml = taskXml({ job: job(fields), call })
    expect(texts(xml, 'Interval')).toEqual(['PT1M'])
    expect(taken(texts(xml, 'Arguments')[0] ?? '').at(-1)).toBe('--if-due')
  },
)

it('knows whole minutes only', () => {
  for (const every of ['30s', '90s'] as const)
    expect(() => taskXml({ job: job({ every }), call })).toThrow(/whole minutes only/)
})

describe('a name', () => {
  it.each(nastyNames)('such as %j comes through', name => {
    const words = [`C:\\x\\${name}\\node.exe`, `C:\\${name}`, name]
    const xml = taskXml({ job: job(), call: words })
    expect(calledBy(xml)).toEqual(words)
    expect(texts(xml, 'Arguments')[0]).not.toMatch(/[%$]/)
  })
})

/** What is run in the end. */
function calledBy(xml: string): readonly string[] {
  const [command = '', parameters = ''] = [texts(xml, 'Command')[0], texts(xml, 'Arguments')[0]]
  if (command !== 'powershell.exe') return [command, ...taken(parameters)]
  return run(Buffer.from(parameters.split(' ').at(-1) ?? '', 'base64').toString('utf16le'))
}
