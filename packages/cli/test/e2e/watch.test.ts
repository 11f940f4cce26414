/** A watch as a real process. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { compareTrees, expectEqualTrees } from '../../../../test/support/compare-trees.js'
import { runProcess } from '../../../../test/support/run.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { canLimitWatches } from '../../../../test/support/limit-watches.js'

const main = fileURLToPath(new URL('../../bundle/main.js', import.meta.url))
const temporary = useTemporaryDirectory()
const at = (...names: string[]): string => path.join(temporary.path, ...names)
const deadline = { timeout: 30_000, interval: 10 }

interface Service {
  readonly child: ChildProcess
  readonly ended: Promise<unknown[]>
  readonly out: () => string
  readonly err: () => string
}

const services: Service[] = []
afterEach(async () => {
  for (const { child } of services) if (child.exitCode === null) child.kill('SIGKILL')
  await Promise.all(services.splice(0).map(({ ended }) => ended))
})

function start(program: string, args: readonly string[]): Service {
  const env = { ...process.env, XDG_STATE_HOME: at('state') }
  const child = spawn(program, args, { cwd: temporary.path, stdio: 'pipe', env })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => void (said.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => void (said.err += chunk.toString()))
  const service = { child, ended: once(child, 'close'), out: () => said.out, err: () => said.err }
  services.push(service)
  return service
}

const serve = (...args: string[]): Service =>
  start(process.execPath, [main, 'source', 'replica', '--watch', ...args])
const isEqual = (): boolean => compareTrees(at('source'), at('replica'), { hardLinks: true }).length === 0
const equal = async (): Promise<void> => await vi.waitFor(() => expect(isEqual()).toBe(true), deadline)
const live = async ({ out }: Service): Promise<void> =>
  await vi.waitFor(() => expect(out()).toMatch(/Watching \d|"coverage":"live"/), deadline)

describe.skipIf(process.platform === 'win32')('--watch', () => {
  it('mirrors, says what it watches, follows, and ends by Ctrl+C', async () => {
    writeTree(at('source'), { a: { b: 'b' } })
    const service = serve()
    await live(service)
    expect(service.out()).toMatch(/^create {4}\.\/\ncreate {4}a\/\ncreate {4}a\/b\nCreated 3; /)
    expect(service.out()).toMatch(/The replica equals the source[^\n]*\.\nWatching 2 directories\.\n$/)
    fs.writeFileSync(at('source/a/new'), 'new')
    await vi.waitFor(
      () => expect(service.out()).toMatch(/create {4}a\/new\n[^]*What was touched is as in the source\.\n$/),
      deadline,
    )
    // What changes nothing is not told.
    const before = service.out()
    fs.utimesSync(at('source/a/new'), new Date(), fs.statSync(at('source/a/new')).mtime)
    fs.writeFileSync(at('source/a/newer'), 'newer')
    await vi.waitFor(() => expect(service.out().slice(before.length)).toMatch(/touched is/), deadline)
    await equal()
    service.child.kill('SIGINT')
    expect(await service.ended).toEqual([null, 'SIGINT'])
    expect(service.err()).toBe('')
  })

  it('tells programs of its state, and what each run was about', async () => {
    writeTree(at('source'), { a: 'a' })
    const service = serve('--json')
    await live(service)
    fs.writeFileSync(at('source/b'), 'b')
    await vi.waitFor(() => expect(service.out()).toMatch(/"scope":"touched".*\n.*"type":"end"/), deadline)
    service.child.kill('SIGTERM')
    expect(await service.ended).toEqual([null, 'SIGTERM'])
    const events = service
      .out()
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
    expect(events.filter(({ type }) => type === 'watch')).toMatchObject([
      { coverage: 'live', directories: 1 },
    ])
    expect(events.filter(({ type }) => type === 'report')).toMatchObject([
      { scope: 'all' },
      { scope: 'touched' },
    ])
    const types = events.map(({ type }) => type).filter(type => type === 'start' || type === 'end')
    expect(types).toEqual(['start', 'end', 'start', 'end'])
  })

  it('W04: says that the source is gone, once, and goes on', async () => {
    writeTree(at('source'), { a: 'a' })
    const service = serve('--log', 'log')
    await live(service)
    fs.renameSync(at('source'), at('away'))
    await vi.waitFor(
      () => expect(service.err()).toMatch(/nothing is mirrored until this is mended: .*source/),
      deadline,
    )
    expect(fs.readdirSync(at('replica'))).toEqual(['a'])
    fs.writeFileSync(at('away/b'), 'b')
    fs.renameSync(at('away'), at('source'))
    await equal()
    await vi.waitFor(() => expect(service.out().split('Watching 1 directory.')).toHaveLength(3), deadline)
    expect(service.err().split('nothing is mirrored until')).toHaveLength(2)
    expect(fs.readFileSync(at('log'), 'utf8')).toMatch(/ notice {4}watch: waiting; nothing is mirrored/)
  })

  it('opens its log anew on SIGHUP', async () => {
    writeTree(at('source'), { a: 'a' })
    const service = serve('--log', 'log')
    await live(service)
    fs.renameSync(at('log'), at('log.old'))
    service.child.kill('SIGHUP')
    fs.writeFileSync(at('source/b'), 'b')
    await vi.waitFor(() => expect(fs.readFileSync(at('log'), 'utf8')).toMatch(/create {4}b\n/), deadline)
  })

  it.skipIf(!canLimitWatches).each([
    ['watches', 'max_inotify_watches', 3, 'fs.inotify.max_user_watches'],
    ['instances', 'max_inotify_instances', 0, 'fs.inotify.max_user_instances'],
  ])(
    'W02: without %s to be had polls, says so once and what would help (needs unshare)',
    async (_, limit, most, hint) => {
      writeTree(at('source'), { a: { b: {} }, c: { d: {}, e: {} } })
      const script = `echo ${most} > /proc/sys/user/${limit} && exec "$0" "$@"`
      const args = ['-Ur', 'sh', '-c', script, process.execPath, main, 'source', 'replica', '--watch']
      const service = start('unshare', args)
      await vi.waitFor(() => expect(service.err()).toContain(hint), deadline)
      writeTree(at('source/c/d/new'), { x: 'x' })
      await equal()
      fs.rmSync(at('source/c/d/new'), { recursive: true })
      await equal()
      expect(service.err().split(hint)).toHaveLength(2)
    },
  )

  it('kill -9 in any state, and started again: equal', async () => {
    writeTree(at('source'), { a: { b: 'b' } })
    const states: readonly RegExp[] = [
      /"type":"start"/,
      /"type":"plan"/,
      /"type":"outcome"/,
      /"type":"end"/,
      /"coverage":"live"/,
      /"scope":"touched"/,
    ]
    for (const [round, state] of states.entries()) {
      const more = new Map(Array.from({ length: 200 }, (__, index) => [`f${index}`, `${round}`.repeat(5000)]))
      writeTree(at('source', `round-${round}`), more)
      if (round > 1) fs.rmSync(at('source', `round-${round - 2}`), { recursive: true })
      const service = serve('--json', '--max-delete', '100%')
      const killed = vi.waitFor(
        () => {
          if (service.out().includes('"coverage":"live"'))
            fs.writeFileSync(at('source/a', `${round}`), 'touched')
          expect(service.out()).toMatch(state)
        },
        { ...deadline, interval: 1 },
      )
      await killed
      service.child.kill('SIGKILL')
      await service.ended
    }
    const service = serve('--max-delete', '100%')
    await live(service)
    await equal()
    expectEqualTrees(at('source'), at('replica'))
  })

  it.each([
    [['--watch', '--interval', '1'], /--watch.*--interval|--interval.*--watch/],
    [['--watch', '--every', '1m'], /--watch.*--every|--every.*--watch/],
    [['--watch', '--dry-run'], /--watch.*--dry-run|--dry-run.*--watch/],
    [['--reconcile', '1h'], /--reconcile needs --watch/],
    [['--watch', '--reconcile', 'x'], /--reconcile/],
    [['--watch', '--reconcile', '0.5s'], /--reconcile/],
  ])('%j is refused', async (flags, message) => {
    writeTree(at('source'), { a: 'a' })
    const { code, stderr } = await runProcess(process.execPath, [main, 'source', 'replica', ...flags], {
      cwd: temporary.path,
    })
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)])
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(fs.existsSync(at('replica'))).toBe(false)
  })
})
