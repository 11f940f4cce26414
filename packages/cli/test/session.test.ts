import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { SyncError } from '@facsimile/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Behaviour, call, type Called, mirror } from './support/fake-core.js'
import { type FakeIo, fakeIo } from './support/fake-io.js'
import { change, plan, report } from './support/samples.js'
import { schemaErrors } from './support/schema.js'

let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'facsimile-cli-'))
  fs.mkdirSync(path.join(folder, 'replica'))
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

/** The lines of a log, without their times. */
function readLog(name: string): readonly string[] {
  const lines = fs.readFileSync(path.join(folder, name), 'utf8').trimEnd().split('\n')
  return lines.map(line => line.replace(/^\S+ /, ''))
}

function callWithLog(log: string, behave: Behaviour = mirror, ...more: string[]): Promise<Called> {
  const replica = path.join(folder, 'replica')
  return call(['a', replica, '--log', path.join(folder, log), ...more], behave)
}

/** Makes the open log one that is always full, as if its file system were. */
function fillUp(file: string): void {
  const descriptor = fs.readdirSync('/proc/self/fd').find(candidate => {
    try {
      return fs.readlinkSync(`/proc/self/fd/${candidate}`) === file
    } catch {
      return false
    }
  })
  fs.closeSync(Number(descriptor))
  // The lowest number that is free is taken, until it is this one.
  const others: number[] = []
  let opened = fs.openSync('/dev/full', 'w')
  for (; opened < Number(descriptor); opened = fs.openSync('/dev/full', 'w')) others.push(opened)
  for (const other of others) fs.closeSync(other)
  if (opened !== Number(descriptor)) throw new Error('the descriptor of the log is taken')
}

describe('--log', () => {
  it('has a line for each entry and for each run, and is told to the library', async () => {
    const { asked } = await callWithLog('log')
    await callWithLog('log', mirror, '-n')
    expect(asked[0]?.ownFiles).toEqual([path.join(folder, 'log')])
    expect(readLog('log')).toEqual([
      `start     sync ${path.resolve('a')} to ${path.join(folder, 'replica')}`,
      'create    new.txt',
      'update    a\\nb',
      'delete    old/',
      'end       exit 0; create 1, update 1, delete 1; 0 bytes, 12 ms',
      `start     sync (dry run) ${path.resolve('a')} to ${path.join(folder, 'replica')}`,
      'end       exit 0, sync (dry run); create 1, update 1, delete 1; 0 bytes, 12 ms',
    ])
  })

  it('that cannot be opened ends the command before anything else', async () => {
    const { exitCode, called, err } = await callWithLog('none/log')
    expect([exitCode, called]).toEqual([2, []])
    expect(err).toMatch(/^facsimile: the log .* cannot be opened: its folder does not exist \(ENOENT\)\n$/)
  })

  it('says that a run was refused', async () => {
    const refusal = new SyncError('root-refused', 26, 'no', { report: report({ exitCode: 26 }) })
    await callWithLog('log', () => Promise.reject(refusal))
    expect(readLog('log').slice(1)).toEqual(['problem   no', 'end       exit 26; refused'])
  })

  it('in the replica is left alone when the library refuses it', async () => {
    const refusal = new SyncError('root-refused', 26, 'the log is in the replica')
    const { exitCode } = await callWithLog('replica/log', () => Promise.reject(refusal))
    expect(exitCode).toBe(26)
    expect(fs.readdirSync(path.join(folder, 'replica'))).toEqual([])
  })

  it.each(['new', 'new/log'])('as %s is refused while the replica new is not there yet', async log => {
    const { exitCode, err } = await call(['a', path.join(folder, 'new'), '--log', path.join(folder, log)])
    expect(exitCode).toBe(26)
    expect(err).toMatch(/^facsimile: the log .* is the replica or lies inside it[^\n]*\n$/)
    expect(fs.readdirSync(folder)).toEqual(['replica'])
  })

  it.skipIf(process.platform !== 'linux')('that fails is said once, with 23, and stops nothing', async () => {
    const { exitCode, out, err } = await callWithLog('log', options => {
      fillUp(path.join(folder, 'log'))
      return mirror(options)
    })
    expect(exitCode).toBe(23)
    expect(out).toContain('The replica equals the source.')
    expect(err).toMatch(/^facsimile: lines of the log .* were lost: no space left \(ENOSPC\)[^\n]*\n$/)
  })
})

function stopAfter(io: FakeIo, waits: number): void {
  io.clock.onWait = () => {
    if (io.clock.waits.length === waits) io.host.send('SIGINT')
  }
}

describe('signals', () => {
  it('stop the run cleanly, and its exit code is that of the signal', async () => {
    const io = fakeIo()
    const partly = report({ exitCode: 130, exact: false })
    let wasAborted: boolean | undefined
    const { exitCode, err, out } = await call(
      ['a', 'b'],
      ({ signal }) => {
        io.host.send('SIGTERM')
        wasAborted = signal?.aborted
        return Promise.reject(new SyncError('aborted', 130, 'aborted', { report: partly }))
      },
      io,
    )
    expect([wasAborted, exitCode]).toEqual([true, 143])
    expect(err).toMatch(/^facsimile: stopped by SIGTERM; nothing is torn/)
    expect(out).toMatch(/The replica does not equal the source\.\n$/)
    expect(io.host.listening).toBe(0)
  })

  it('end the wait of an interval', async () => {
    const io = fakeIo()
    stopAfter(io, 3)
    const { exitCode, called, out } = await call(['a', 'b', '-i', '5'], mirror, io)
    expect(exitCode).toBe(130)
    expect(called).toHaveLength(3)
    expect(out).toContain('Next run at 2026-01-31T12:05:00Z.\n')
    expect(io.clock.waits).toEqual([300_000, 300_000, 300_000])
  })

  it('are heard while many changes are shown', async () => {
    const io = fakeIo()
    const { exitCode, out } = await call(
      ['a', 'b', '-n'],
      async ({ on }) => {
        setImmediate(() => io.host.send('SIGINT'))
        await on?.plan?.(plan(Array<ReturnType<typeof change>>(1_000_000).fill(change())))
        throw new SyncError('aborted', 130, 'aborted')
      },
      io,
    )
    expect(exitCode).toBe(130)
    expect(out.split('\n').length).toBeLessThan(100_000)
  })
})

describe('an interval', () => {
  it('goes on after a failed run', async () => {
    const io = fakeIo()
    stopAfter(io, 2)
    const refusal = new SyncError('root-refused', 26, 'no')
    const { called, exitCode } = await call(['a', 'b', '-i', '1'], () => Promise.reject(refusal), io)
    expect([called.length, exitCode]).toEqual([2, 130])
  })

  it('ends at once when the options are wrong', async () => {
    const io = fakeIo()
    const refusal = new SyncError('invalid-options', 2, 'no')
    const { called, exitCode } = await call(['a', 'b', '-i', '1'], () => Promise.reject(refusal), io)
    expect([called.length, exitCode, io.clock.waits]).toEqual([1, 2, []])
  })

  it('writes JSON of each run', async () => {
    const io = fakeIo()
    stopAfter(io, 2)
    const { out } = await call(['a', 'b', '-i', '1', '--json'], mirror, io)
    expect(schemaErrors(out)).toEqual([])
    expect(out.match(/"type":"start"/g)).toHaveLength(2)
    expect(out.match(/"type":"wait"/g)).toHaveLength(2)
  })
})

describe('--every and --cron', () => {
  it('W08: write JSON of waits, failures and runs that are made up for', async () => {
    const io = fakeIo()
    let runs = 0
    io.clock.onWait = () => {
      if (runs === 3) io.host.send('SIGINT')
    }
    const behave: Behaviour = async options => {
      runs += 1
      if (runs === 1) throw new SyncError('root-refused', 26, 'no')
      if (runs === 2) io.clock.advance(150_000)
      return await mirror(options)
    }
    const { out, exitCode } = await call(['a', 'b', '--every', '1m', '--json'], behave, io)
    expect(schemaErrors(out)).toEqual([])
    const told = out.split('\n').filter(line => /"type":"(?:wait|missed)"/.test(line))
    expect(told.map(line => line.replace(/^.*"type":/, ''))).toEqual([
      '"wait","next":"2026-01-31T12:00:30.000Z","failures":1}',
      '"wait","next":"2026-01-31T12:01:00.000Z"}',
      '"missed","count":2}',
      '"wait","next":"2026-01-31T12:04:00.000Z"}',
    ])
    expect(exitCode).toBe(130)
  })

  it('say on stderr and in the log that they back off', async () => {
    const io = fakeIo()
    stopAfter(io, 1)
    const log = path.join(folder, 'log')
    const args = ['a', path.join(folder, 'replica'), '--every', '1h', '-q', '--log', log]
    const { err } = await call(args, () => Promise.reject(new SyncError('locked', 27, 'no')), io)
    const line = 'the run failed; the next try is at 2026-01-31T12:00:30Z'
    expect(err).toBe(`facsimile: no\nfacsimile: ${line}\n`)
    expect(readLog('log').at(-1)).toBe(`notice    ${line}`)
  })

  it('that cannot be end the command before anything else', async () => {
    const { exitCode, called, err } = await callWithLog('log', mirror, '--cron', '61 * * * *')
    expect([exitCode, called, fs.readdirSync(folder)]).toEqual([2, [], ['replica']])
    expect(err).toMatch(/^facsimile: --cron: expected a cron expression of five fields [^\n]*\n$/)
  })
})

/** Calls the command, whose log is renamed and which is told so while it waits for the first time; it is stopped in the second wait. */
async function hangUp(...args: string[]): Promise<Called> {
  const io = fakeIo()
  const log = path.join(folder, 'log')
  io.clock.onWait = () => {
    if (io.clock.waits.length === 1) {
      fs.renameSync(log, path.join(folder, 'old'))
      io.host.send('SIGHUP')
    } else io.host.send('SIGTERM')
  }
  const replica = path.join(folder, 'replica')
  return await call(['a', replica, '--log', log, ...args], mirror, io)
}

describe('a hangup', () => {
  it.each([
    ['--every', '1m'],
    ['--cron', '* * * * *'],
    ['--interval', '1'],
  ])('opens the log of %s anew', async (...cadence) => {
    const { exitCode } = await hangUp(...cadence)
    expect(exitCode).toBe(143)
    expect([...readLog('old'), ...readLog('log')].filter(line => line.startsWith('end'))).toHaveLength(
      cadence[0] === '--cron' ? 1 : 2,
    )
    expect(fs.existsSync(path.join(folder, 'log'))).toBe(true)
  })

  it('stops where there is no log', async () => {
    const io = fakeIo()
    io.clock.onWait = () => io.host.send('SIGHUP')
    expect((await call(['a', 'b', '--every', '1m'], mirror, io)).exitCode).toBe(129)
  })
})

it('a log that is limited is told to the library with what may lie beside it', async () => {
  const { asked } = await callWithLog('log', mirror, '--log-max-size', '100', '--log-keep', '1')
  const names = asked[0]?.ownFiles?.map(file => path.basename(file))
  expect(names).toEqual(['log', 'log.rotating', 'log.1'])
  expect(fs.readdirSync(folder).toSorted()).toEqual(['log', 'log.1', 'replica'])
})
