import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { describe, expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { systemdMark, systemdUnits } from '../../src/jobs/systemd.js'
import { job, nastyNames } from '../support/jobs.js'

const temporary = useTemporaryDirectory()
const call = ['/bin/true', 'schedule', 'run', 'nightly']
const timer = (fields: Parameters<typeof job>[0]): string =>
  systemdUnits({ job: job(fields), call })['facsimile-nightly.timer'] ?? ''
const whenOf = (text: string): readonly string[] => text.split('\n').filter(line => line.startsWith('On'))
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0

function verify(units: Readonly<Record<string, string>>): string {
  const files = Object.entries(units).map(([name, text]) => {
    const file = path.join(temporary.path, name)
    fs.writeFileSync(file, text)
    return file
  })
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...files], { encoding: 'utf8' })
  return `${status} ${stderr
    .split('\n')
    .filter(line => line.includes('facsimile'))
    .join('\n')}`
}

describe('a timer', () => {
  it.each([
    [{ every: '15m' as const }, ['OnActiveSec=0', 'OnUnitActiveSec=900000ms']],
    [{ cron: '*/30 2 * * *' }, ['OnCalendar=*-*-* 02:00,30:00']],
    [{ cron: '0 2 1 6 *', timeZone: 'Europe/Berlin' }, ['OnCalendar=*-06-01 02:00:00 Europe/Berlin']],
    [{ cron: '0 2 * * 1,3' }, ['OnCalendar=Mon,Wed *-*-* 02:00:00']],
    [{ cron: '0 2 13 * 5' }, ['OnCalendar=*-*-13 02:00:00', 'OnCalendar=Fri *-*-* 02:00:00']],
  ])('of %j', (fields, lines) => {
    expect(whenOf(timer(fields))).toEqual(lines)
    expect(timer(fields)).toContain('\nPersistent=true\n')
  })

  it('of what it cannot be told looks each minute whether it is due', () => {
    const units = systemdUnits({ job: job({ cron: '0 0 L * *' }), call })
    expect(whenOf(units['facsimile-nightly.timer'] ?? '')).toEqual(['OnCalendar=*-*-* *:*:00'])
    expect(units['facsimile-nightly.service']).toMatch(/"--if-due"\n/)
    expect(() => timer({ cron: '* * * * * *' })).toThrow(/leave out the seconds/)
  })

  it('says who wrote it', () => {
    for (const text of Object.values(systemdUnits({ job: job(), call })))
      expect(text.startsWith(`${systemdMark({ name: 'nightly' })}\n`)).toBe(true)
  })
})

describe.skipIf(!hasSystemd)('systemd accepts (needs systemd-analyze)', () => {
  it.each([
    { every: '15m' as const },
    { every: '0.5s' as const },
    { cron: '*/7 1-3 1,15 * 2', timeZone: 'America/New_York' },
    { cron: '0 0 L * *' },
  ])('the units of %j', fields => {
    expect(verify(systemdUnits({ job: job(fields), call }))).toBe('0 ')
  })

  // It looks whether the program is there: what was quoted wrongly is not.
  it.each(nastyNames)('the name %j, and finds what it leads to', name => {
    const program = path.join(temporary.path, name, 'node')
    fs.mkdirSync(path.dirname(program))
    fs.copyFileSync('/bin/true', program)
    fs.chmodSync(program, 0o755)
    const words = [program, path.join(temporary.path, name), 'schedule', 'run', 'nightly']
    expect(verify(systemdUnits({ job: job(), call: words }))).toBe('0 ')
  })

  it('no program that is not there', () => {
    expect(verify(systemdUnits({ job: job(), call: [path.join(temporary.path, 'gone')] }))).not.toBe('0 ')
  })
})

it.each(nastyNames)('the name %j comes through its quotes', name => {
  const words = [`/x/${name}/node`, name]
  const unit = systemdUnits({ job: job(), call: words })['facsimile-nightly.service'] ?? ''
  const [, line = ''] = /^ExecStart=:(.*)$/m.exec(unit) ?? []
  const found = [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) =>
    word
      .replaceAll('%%', '%')
      .replaceAll(/\\(?:x([\da-f]{2})|(.))/g, (_, code?: string, plain?: string) =>
        code === undefined ? (plain ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
      ),
  )
  expect(found.slice(-2)).toEqual(words)
  expect([2, 5]).toContain(found.length)
})
