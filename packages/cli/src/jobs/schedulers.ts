/** The schedulers of a machine: told of a job, and rid of exactly what they were told. */
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { reasonOf } from '../reason-of.js'
import { UsageError } from '../usage-error.js'
import { crontabLines, withLines } from './crontab.js'
import type { Entry } from './entry.js'
import type { Job, SchedulerName } from './job.js'
import { launchdLabel, launchdList } from './launchd.js'
import { taskName, taskXml } from './schtasks.js'
import { systemdMark, systemdUnits } from './systemd.js'

export interface Scheduler {
  /** As often as one likes: it is the same afterwards. */
  readonly install: (entry: Entry) => void
  /** Of what is not there nothing is said. */
  readonly remove: (job: Job) => void
}

/** What is outside, so that tests can give another one. */
export interface Machine {
  readonly platform: NodeJS.Platform
  readonly isRoot: boolean
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly call: (program: string, args: readonly string[], input?: string) => Called
}

interface Called {
  /** Undefined when the program is not there. */
  readonly code: number | undefined
  readonly out: string
  readonly err: string
}

export function thisMachine(env: Machine['env']): Machine {
  return {
    platform: process.platform,
    isRoot: process.geteuid?.() === 0,
    home: os.homedir(),
    env,
    call: (program, args, input = '') => {
      const { status, stdout, stderr, error } = spawnSync(program, args, { input, encoding: 'utf8' })
      return { code: error === undefined ? (status ?? -1) : undefined, out: stdout, err: stderr }
    },
  }
}

/** @throws UsageError when the machine has none that is known */
export function findScheduler({ platform, isRoot, call }: Machine): SchedulerName {
  if (platform === 'win32') return 'schtasks'
  if (platform === 'darwin') return 'launchd'
  const manager = isRoot ? ['is-system-running'] : ['--user', 'is-system-running']
  const { code, out } = call('systemctl', manager)
  // It is asked, for its programs are on machines, too, that are not run by it.
  if (code !== undefined && /^(?:running|degraded|starting|initializing)/.test(out)) return 'systemd'
  const crontab = call('crontab', ['-l'])
  if (crontab.code !== undefined) return 'cron'
  throw new UsageError(
    'neither systemd nor crontab was found to install this with: install cron, or see facsimile schedule print',
  )
}

export function schedulerOf(name: SchedulerName, machine: Machine): Scheduler {
  switch (name) {
    case 'systemd':
      return systemd(machine)
    case 'cron':
      return cron(machine)
    case 'launchd':
      return launchd(machine)
    case 'schtasks':
      return schtasks(machine)
  }
}

function systemd({ isRoot, home, env, call }: Machine): Scheduler {
  const config = env['XDG_CONFIG_HOME'] ?? ''
  const ofUser = path.join(path.isAbsolute(config) ? config : path.join(home, '.config'), 'systemd', 'user')
  const folder = isRoot ? '/etc/systemd/system' : ofUser
  const systemctl = (...args: readonly string[]): void =>
    required(call, 'systemctl', [...(isRoot ? [] : ['--user']), ...args])
  return {
    install: entry => {
      const units = systemdUnits(entry)
      for (const name of Object.keys(units)) requireOurs(path.join(folder, name), systemdMark(entry.job))
      for (const [name, text] of Object.entries(units)) writeFile(path.join(folder, name), text)
      systemctl('daemon-reload')
      for (const name of Object.keys(units).filter(each => each.endsWith('.timer')))
        systemctl('enable', '--now', name)
    },
    remove: job => {
      const files = ['timer', 'service'].map(kind => path.join(folder, `facsimile-${job.name}.${kind}`))
      const [timer = ''] = files
      if (fs.existsSync(timer)) {
        requireOurs(timer, systemdMark(job))
        systemctl('disable', '--now', path.basename(timer))
      }
      for (const file of files) {
        requireOurs(file, systemdMark(job))
        fs.rmSync(file, { force: true })
      }
      systemctl('daemon-reload')
    },
  }
}

function cron({ call }: Machine): Scheduler {
  const change = (job: Job, lines: string | undefined): void => {
    const { code, out, err } = call('crontab', ['-l'])
    if (code === undefined) throw new UsageError('crontab was not found: install cron, or another scheduler')
    // Of a user without one it says so, and ends with 1.
    if (code !== 0 && !/no crontab/i.test(err))
      throw new UsageError(`crontab -l ended with ${code}: ${err.trim()}`)
    const before = code === 0 ? out : ''
    const after = withLines(before, job, lines)
    if (after === before) return
    if (after === '') required(call, 'crontab', ['-r'])
    else required(call, 'crontab', ['-'], after)
  }
  return { install: entry => change(entry.job, crontabLines(entry)), remove: job => change(job, undefined) }
}

function launchd({ isRoot, home, call }: Machine): Scheduler {
  const folder = isRoot ? '/Library/LaunchDaemons' : path.join(home, 'Library', 'LaunchAgents')
  const domain = isRoot ? 'system' : `gui/${os.userInfo().uid}`
  const fileOf = (job: Job): string => path.join(folder, `${launchdLabel(job)}.plist`)
  return {
    install: entry => {
      writeFile(fileOf(entry.job), launchdList(entry))
      call('launchctl', ['bootout', `${domain}/${launchdLabel(entry.job)}`])
      required(call, 'launchctl', ['bootstrap', domain, fileOf(entry.job)])
    },
    remove: job => {
      call('launchctl', ['bootout', `${domain}/${launchdLabel(job)}`])
      fs.rmSync(fileOf(job), { force: true })
    },
  }
}

function schtasks({ call }: Machine): Scheduler {
  return {
    install: ({ job, call: words }) => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'facsimile-'))
      try {
        const file = path.join(folder, 'task.xml')
        fs.writeFileSync(file, `\ufeff${taskXml({ job, call: words })}`, 'utf16le')
        required(call, 'schtasks', ['/Create', '/F', '/TN', taskName(job), '/XML', file])
      } finally {
        fs.rmSync(folder, { recursive: true, force: true })
      }
    },
    remove: job => {
      if (call('schtasks', ['/Query', '/TN', taskName(job)]).code !== 0) return
      required(call, 'schtasks', ['/Delete', '/F', '/TN', taskName(job)])
    },
  }
}

function required(call: Machine['call'], program: string, args: readonly string[], input?: string): void {
  const { code, err } = call(program, args, input)
  if (code === 0) return
  const what = `${program} ${args.join(' ')}`
  throw new UsageError(
    code === undefined ? `${program} was not found` : `${what} ended with ${code}: ${err.trim()}`,
  )
}

/** @throws UsageError when there is a file that we did not write */
function requireOurs(file: string, mark: string): void {
  if (fs.existsSync(file) && !fs.readFileSync(file, 'utf8').startsWith(`${mark}\n`))
    throw new UsageError(
      `'${file}' was not written by facsimile: nothing was changed; give the schedule another name`,
    )
}

function writeFile(file: string, text: string): void {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text, { mode: 0o644 })
  } catch (error) {
    throw new UsageError(`'${file}' could not be written: ${reasonOf(error)}`)
  }
}
