import * as fs from 'node:fs'
import * as path from 'node:path'
import { describe, expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { findScheduler, type Machine, schedulerOf } from '../../src/jobs/schedulers.js'
import { job } from '../support/jobs.js'

const temporary = useTemporaryDirectory()
const entry = { job: job(), call: ['/node', '/main.js', 'schedule', 'run', 'nightly'] }
const at = (...names: string[]): string => path.join(temporary.path, ...names)

interface Fake extends Machine {
  readonly calls: string[]
  crontab: string | undefined
}

/** A machine whose programs do nothing but remember; `answers` are the exit codes of what is not there, or fails. */
function machine(
  fields: Partial<Machine> = {},
  answers: Readonly<Record<string, number | string | undefined>> = {},
): Fake {
  const calls: string[] = []
  const fake: Fake = {
    platform: 'linux',
    isRoot: false,
    home: temporary.path,
    env: {},
    calls,
    crontab: undefined,
    call: (program, args, input) => {
      const called = [program, ...args].join(' ')
      calls.push(called)
      if (called === 'crontab -') fake.crontab = input
      if (called === 'crontab -l' && !(program in answers))
        return fake.crontab === undefined
          ? { code: 1, out: '', err: 'no crontab for me' }
          : { code: 0, out: fake.crontab, err: '' }
      const answer = called in answers ? answers[called] : program in answers ? answers[program] : 0
      return typeof answer === 'string'
        ? { code: 0, out: answer, err: '' }
        : { code: answer, out: '', err: 'it failed\n' }
    },
    ...fields,
  }
  return fake
}

describe('the scheduler of a machine', () => {
  it.each([
    [{ platform: 'win32' }, {}, 'schtasks'],
    [{ platform: 'darwin' }, {}, 'launchd'],
    [{}, { 'systemctl --user is-system-running': 'running\n' }, 'systemd'],
    [{ isRoot: true }, { 'systemctl is-system-running': 'degraded\n' }, 'systemd'],
    [{}, { systemctl: 'offline\n' }, 'cron'],
    [{}, { systemctl: undefined }, 'cron'],
  ] as const)('of %j with %j is %s', (fields, answers, name) => {
    expect(findScheduler(machine(fields, answers))).toBe(name)
  })

  it('that has none is said so', () => {
    expect(() => findScheduler(machine({}, { systemctl: undefined, crontab: undefined }))).toThrow(
      /^neither systemd nor crontab was found/,
    )
  })
})

const folder = (): string => at('.config/systemd/user')

describe('systemd', () => {
  it('is given a service and a timer of the user, once or more often, and rid of them', () => {
    const fake = machine()
    const systemd = schedulerOf('systemd', fake)
    systemd.install(entry)
    systemd.install(entry)
    expect(fs.readdirSync(folder()).toSorted()).toEqual([
      'facsimile-nightly.service',
      'facsimile-nightly.timer',
    ])
    expect(fake.calls.slice(0, 2)).toEqual([
      'systemctl --user daemon-reload',
      'systemctl --user enable --now facsimile-nightly.timer',
    ])
    systemd.remove(entry.job)
    expect(fake.calls.slice(-2)).toEqual([
      'systemctl --user disable --now facsimile-nightly.timer',
      'systemctl --user daemon-reload',
    ])
    expect(fs.readdirSync(folder())).toEqual([])
    systemd.remove(entry.job)
  })

  it('keeps what somebody else wrote', () => {
    const systemd = schedulerOf('systemd', machine())
    fs.mkdirSync(folder(), { recursive: true })
    fs.writeFileSync(path.join(folder(), 'facsimile-nightly.service'), '[Service]\n')
    expect(() => systemd.install(entry)).toThrow(/was not written by facsimile/)
    expect(() => systemd.remove(entry.job)).toThrow(/was not written by facsimile/)
    expect(fs.readFileSync(path.join(folder(), 'facsimile-nightly.service'), 'utf8')).toBe('[Service]\n')
  })

  it('that fails is said with what it said', () => {
    expect(() => schedulerOf('systemd', machine({}, { systemctl: 3 })).install(entry)).toThrow(
      'systemctl --user daemon-reload ended with 3: it failed',
    )
  })
})

describe('cron', () => {
  it('is given lines, once, and rid of exactly these', () => {
    const fake = machine()
    const cron = schedulerOf('cron', fake)
    cron.remove(entry.job)
    expect(fake.calls).toEqual(['crontab -l'])
    fake.crontab = '# mine\n0 0 * * * true\n'
    cron.install(entry)
    cron.install(entry)
    expect(fake.calls.filter(call => call === 'crontab -')).toHaveLength(1)
    expect(fake.crontab).toMatch(/^# mine\n0 0 \* \* \* true\n# BEGIN facsimile schedule nightly\n/)
    cron.remove(entry.job)
    expect(fake.crontab).toBe('# mine\n0 0 * * * true\n')
    // One that held nothing else is not left behind.
    fake.crontab = undefined
    cron.install(entry)
    cron.remove(entry.job)
    expect(fake.calls.at(-1)).toBe('crontab -r')
  })

  it.each([
    [{ crontab: undefined }, /^crontab was not found/],
    [{ crontab: 2 }, /^crontab -l ended with 2: it failed$/],
    [{ 'crontab -': 1 }, /^crontab - ended with 1: it failed$/],
  ])('with %j is said', (answers, message) => {
    expect(() => schedulerOf('cron', machine({}, answers)).install(entry)).toThrow(message)
  })
})

it('launchd is given a list, in place of the one it had, and rid of it', () => {
  const fake = machine({ platform: 'darwin' })
  const launchd = schedulerOf('launchd', fake)
  launchd.install(entry)
  const file = at('Library/LaunchAgents/facsimile.nightly.plist')
  expect(fs.readFileSync(file, 'utf8')).toContain('<string>facsimile.nightly</string>')
  expect(fake.calls.map(call => call.split(' ')[1])).toEqual(['bootout', 'bootstrap'])
  launchd.remove(entry.job)
  expect(fs.existsSync(file)).toBe(false)
})

it('Windows is given a task, in UTF-16, and rid of it', () => {
  let text = ''
  const fake = machine({ platform: 'win32' })
  const windows = schedulerOf('schtasks', {
    ...fake,
    call: (program, args) => {
      const file = args.at(-1) ?? ''
      if (args.includes('/XML')) text = fs.readFileSync(file, 'utf16le')
      return fake.call(program, args)
    },
  })
  windows.install(entry)
  expect(text).toMatch(/^\ufeff<\?xml version="1.0" encoding="UTF-16"\?>/)
  expect(fake.calls[0]).toMatch(/^schtasks \/Create \/F \/TN facsimile\\nightly \/XML /)
  windows.remove(entry.job)
  expect(fake.calls.at(-1)).toBe('schtasks /Delete /F /TN facsimile\\nightly')
})
