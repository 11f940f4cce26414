/** Schedules that outlive the process, and what is known of their runs, by the command as it is called. */
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../../../../test/support/compare-trees.js'
import { runProcess } from '../../../../test/support/run.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { nastyNames } from '../support/jobs.js'

const main = fileURLToPath(new URL('../../bundle/main.js', import.meta.url))
const temporary = useTemporaryDirectory()
const at = (...names: string[]): string => path.join(temporary.path, ...names)

interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

async function facsimile(...args: string[]): Promise<Ran> {
  const env = { ...process.env, XDG_STATE_HOME: at('state'), XDG_CONFIG_HOME: at('config') }
  return await runProcess(process.execPath, [main, ...args], { cwd: temporary.path, env })
}

const add = async (name: string, ...more: string[]): Promise<Ran> =>
  await facsimile('schedule', 'add', name, 'source', 'replica', '--every', '15m', ...more)

const jobs = (): readonly string[] => fs.readdirSync(at('config/facsimile/jobs'))

describe('a schedule', () => {
  it('is added, shown, run from anywhere, told of and removed', async () => {
    writeTree(at('source'), { a: 'a', 'b.tmp': 'b' })
    const added = await add('site', '--exclude', '*.tmp', '--log', 'log')
    expect(added.code).toBe(0)
    expect(added.stdout).toMatch(
      /^site: every 15m, not installed: .*source to .*replica\nNo scheduler knows of it/,
    )
    expect((await facsimile('schedule', 'list')).stdout).toMatch(/^site: every 15m/)
    expect((await facsimile('schedule', 'show', 'site')).stdout).toMatch(
      /flags {5}--exclude=\*\.tmp --log=\//,
    )
    expect((await facsimile('status')).stdout).toMatch(/^site: never\n/)
    const env = { ...process.env, XDG_CONFIG_HOME: at('config') }
    const run = await runProcess(process.execPath, [main, 'schedule', 'run', 'site'], { cwd: '/', env })
    expect([run.code, run.stderr]).toEqual([0, ''])
    expectEqualTrees(at('source'), at('replica'), { ignore: name => name === 'b.tmp' })
    expect(fs.existsSync(at('log'))).toBe(true)
    expect((await facsimile('status', 'site')).stdout).toMatch(
      /^site: ok\n[^]*exit 0; create 2; 1 bytes\n[^]*next run/,
    )
    expect((await facsimile('schedule', 'remove', 'site')).code).toBe(0)
    expect(jobs()).toEqual([])
    // What was run is still known.
    expect((await facsimile('status')).stdout).toMatch(/source to .*replica: ok\n/)
  })

  it('of the same name and kind is the same, and another one is refused', async () => {
    writeTree(at('source'), {})
    expect((await add('site')).code).toBe(0)
    expect((await add('site')).code).toBe(0)
    const other = await add('site', '--durable')
    expect([other.code, other.stderr]).toEqual([2, expect.stringMatching(/already, which is another one/)])
    expect(jobs()).toEqual(['site.json'])
  })

  it('added by several processes at once is one of them, whole', async () => {
    writeTree(at('source'), {})
    const flags = Array.from({ length: 8 }, (_, index) => `--exclude=${'x'.repeat(1000)}${index}`)
    const codes = (await Promise.all(flags.map(async flag => await add('site', flag)))).map(
      ({ code }) => code,
    )
    expect(codes.toSorted((a, b) => Number(a) - Number(b))).toEqual([0, 2, 2, 2, 2, 2, 2, 2])
    expect(jobs()).toEqual(['site.json'])
    const { stdout } = await facsimile('schedule', 'show', 'site', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ flags: [flags[codes.indexOf(0)]] })
  })

  it('mirrors whatever its paths hold', async () => {
    const [source, replica] = [path.join('s', ...nastyNames), path.join('r', ...nastyNames)]
    writeTree(at(source), { a: 'a' })
    fs.mkdirSync(path.dirname(at(replica)), { recursive: true })
    const added = await facsimile('schedule', 'add', 'nasty', '--cron', '* * * * *', '--', source, replica)
    expect([added.code, added.stderr]).toEqual([0, ''])
    expect((await facsimile('schedule', 'run', 'nasty')).code).toBe(0)
    expectEqualTrees(at(source), at(replica))
    expect((await facsimile('status', 'nasty')).stdout).toMatch(/^nasty: ok\n/)
  })

  it('has several replicas', async () => {
    writeTree(at('source'), { a: 'a' })
    const args = ['schedule', 'add', 'two', '-s', 'source', '-d', 'one', '-d', 'two', '--every', '1h']
    expect((await facsimile(...args)).code).toBe(0)
    expect((await facsimile('schedule', 'run', 'two')).code).toBe(0)
    for (const replica of ['one', 'two']) expectEqualTrees(at('source'), at(replica))
    const status = JSON.parse((await facsimile('status', 'two', '--json')).stdout) as object
    expect(status).toMatchObject({ type: 'status', health: 'ok', replicas: [at('one'), at('two')] })
  })

  it('is run only if it is due, where that is asked for', async () => {
    writeTree(at('source'), { a: 'a' })
    await add('site')
    expect((await facsimile('schedule', 'run', 'site', '--if-due')).stdout).toMatch(/create {4}a/)
    fs.writeFileSync(at('source/b'), 'b')
    expect(await facsimile('schedule', 'run', 'site', '--if-due')).toMatchObject({ code: 0, stdout: '' })
    expect(fs.existsSync(at('replica/b'))).toBe(false)
  })

  it.each([
    [['add', 'a', 's', 'r'], /--every TIME or --cron/],
    [['add', '../a', 's', 'r', '--every', '1h'], /^facsimile: a schedule is called by/],
    [['add', 'a', 's', '--every', '1h'], /two folders are expected/],
    [['add', 'a', 's', 'r', '--cron', 'x'], /^facsimile: --cron: expected a cron expression/],
    [['add', 'a', 's', 'r', '--every', '1h', '--files-from', '-'], /a schedule has none of/],
    [['add', 'a', 's', 'r', '--every', '1h', '--for', 'cron'], /--for needs --install/],
    [
      ['add', 'a', 's', 'r', '--every', '30s', '--install', '--for', 'cron'],
      /cron knows no less than a minute/,
    ],
    [['run', 'a'], /there is no schedule 'a'/],
    [['remove', 'a'], /there is no schedule 'a'/],
  ])('%j is refused, and nothing is left', async (args, message) => {
    const { code, stderr } = await runProcess(process.execPath, [main, 'schedule', ...args], {
      cwd: temporary.path,
      env: { ...process.env, XDG_STATE_HOME: at('state'), XDG_CONFIG_HOME: at('config') },
      input: '',
    })
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)])
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(fs.existsSync(at('config/facsimile/jobs')) ? jobs() : []).toEqual([])
  })
})

it('a damaged schedule is named, and the others are told of', async () => {
  writeTree(at('source'), {})
  await add('good')
  fs.writeFileSync(at('config/facsimile/jobs/bad.json'), '{')
  for (const args of [['schedule', 'list'], ['status']]) {
    const { stdout, stderr } = await facsimile(...args)
    expect(stdout).toMatch(/^good: /)
    expect(stderr).toMatch(/^facsimile: the schedule in '.*bad\.json' cannot be read: .*\n$/)
  }
  expect((await facsimile('status', '--max-age', '1d')).code).toBe(28)
})

describe('the history', () => {
  it('has each run by hand: what failed, and what was killed', async () => {
    writeTree(at('source'), { a: 'a' })
    expect((await facsimile('source', 'replica')).code).toBe(0)
    expect((await facsimile('status', '--max-age', '1h')).code).toBe(0)
    fs.rmSync(at('source'), { recursive: true })
    expect((await facsimile('source', 'replica')).code).toBe(26)
    const failing = await facsimile('status')
    expect(failing.stdout).toMatch(/: failing\n[^]*exit 26;[^]*problem {7}.*source/)
    // As kill -9 leaves it.
    const [line = ''] = fs.readFileSync(at('state/facsimile/history.ndjson'), 'utf8').split('\n')
    const begun = {
      ...(JSON.parse(line) as object),
      run: 'killed',
      start: new Date().toISOString(),
      pid: 2 ** 22 + 1,
    }
    fs.appendFileSync(at('state/facsimile/history.ndjson'), JSON.stringify(begun))
    expect((await facsimile('status')).stdout).toMatch(/: stopped\n[^]*not ended/)
  })

  it('ends status with 28 where the last success is too old, or there was none', async () => {
    writeTree(at('source'), { a: 'a' })
    await add('site')
    const never = await facsimile('status', '--max-age', '1d')
    expect([never.code, never.stderr]).toEqual([28, 'facsimile: site: no run has succeeded yet\n'])
    await facsimile('schedule', 'run', 'site')
    expect((await facsimile('status', 'site', '--max-age', '1d')).code).toBe(0)
    const old = await facsimile('status', 'site', '--max-age', '0.001s')
    expect([old.code, old.stderr]).toEqual([
      28,
      expect.stringMatching(/^facsimile: site: the last success is .* old, more than 0\.001s\n$/),
    ])
  })

  it('is written by many at once, and no run is lost', async () => {
    const pairs = Array.from({ length: 8 }, (_, index) => [`source-${index}`, `replica-${index}`] as const)
    for (const [source] of pairs) writeTree(at(source), { a: 'a' })
    await Promise.all(pairs.map(async pair => await facsimile(...pair)))
    const { stdout } = await facsimile('status', '--json')
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map(line => (JSON.parse(line) as { health: string }).health),
    ).toEqual(pairs.map(() => 'ok'))
  })

  it('that cannot be written is a notice, and the run is as good', async () => {
    writeTree(at('source'), { a: 'a' })
    fs.mkdirSync(at('state/facsimile/history.ndjson'), { recursive: true })
    const { code, stderr } = await facsimile('source', 'replica')
    expect([code, stderr]).toEqual([0, expect.stringMatching(/this run is not in the history .*: /)])
    expectEqualTrees(at('source'), at('replica'))
  })
})

it.skipIf(spawnSync('crontab', ['-V']).error !== undefined)(
  'the lines of cron are those that crontab takes (needs crontab)',
  async () => {
    writeTree(at('source'), {})
    await add('site')
    const { stdout } = await facsimile('schedule', 'print', 'site', '--for', 'cron')
    // It looks at it, and changes nothing.
    fs.writeFileSync(at('lines'), stdout)
    const { status, stderr } = spawnSync('crontab', ['-n', at('lines')], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, expect.not.stringMatching(/bad|error/i)])
  },
)
