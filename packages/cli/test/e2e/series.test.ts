/** Runs that repeat, and their logs, as real processes. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { expectEqualTrees } from '../../../../test/support/compare-trees.js'
import { canMount, useMounts } from '../../../../test/support/mounts.js'
import { runProcess } from '../../../../test/support/run.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { writeTree } from '../../../../test/support/write-tree.js'

const main = fileURLToPath(new URL('../../bundle/main.js', import.meta.url))
const temporary = useTemporaryDirectory()
const mounts = useMounts()
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

function serve(...args: string[]): Service {
  const child = spawn(process.execPath, [main, ...args], { cwd: temporary.path, stdio: 'pipe' })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => void (said.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => void (said.err += chunk.toString()))
  const service = { child, ended: once(child, 'close'), out: () => said.out, err: () => said.err }
  services.push(service)
  return service
}

const read = (name: string): string => (fs.existsSync(at(name)) ? fs.readFileSync(at(name), 'utf8') : '')
const countOf = (text: string, what: string): number => text.split(what).length - 1

describe.skipIf(process.platform === 'win32')('a series', () => {
  it('by a cron expression of six fields runs each second; Ctrl+C between runs ends it by the signal', async () => {
    writeTree(at('source'), { a: 'a' })
    const service = serve('source', 'replica', '--cron', '* * * * * *', '--json')
    await vi.waitFor(() => expect(countOf(service.out(), '"type":"end"')).toBeGreaterThanOrEqual(3), deadline)
    service.child.kill('SIGINT')
    expect(await service.ended).toEqual([null, 'SIGINT'])
    const starts = [...service.out().matchAll(/"type":"start".*"time":"([^.]*)/g)].map(([, time]) => time)
    expect(new Set(starts).size).toBe(starts.length)
    expect(service.out()).toMatch(/^\{"v":1,"type":"wait"/)
    expectEqualTrees(at('source'), at('replica'))
  })

  it('W08: tells a failure and when it tries again, and goes on when it can', async () => {
    writeTree(at('source'), { a: 'a' })
    const service = serve('source', 'replica', '--every', '0.2s', '--log', 'log')
    await vi.waitFor(() => expect(service.out()).toContain('Next run at '), deadline)
    fs.renameSync(at('source'), at('away'))
    const failed = /facsimile: (?:the run|\d+ runs in a row) failed; the next try is at \d{4}-\d\d-\d\dT/
    await vi.waitFor(() => expect(service.err()).toMatch(failed), deadline)
    expect(fs.readdirSync(at('replica'))).toEqual(['a'])
    fs.writeFileSync(at('away', 'b'), 'b')
    fs.renameSync(at('away'), at('source'))
    await vi.waitFor(() => expect(service.out()).toContain('create    b\n'), deadline)
    service.child.kill('SIGTERM')
    expect(await service.ended).toEqual([null, 'SIGTERM'])
    expect(read('log')).toMatch(/ notice {4}.*failed; the next try is at /)
    expectEqualTrees(at('source'), at('replica'))
  })

  it.skipIf(!canMount)(
    'W08: a disk that is full for some cycles is mirrored to when it is not (needs mount)',
    async () => {
      writeTree(at('source'), { a: 'a' })
      fs.mkdirSync(at('replica'))
      mounts.tmpfs(at('replica'), 'size=1m')
      const service = serve('source', 'replica', '--every', '0.2s', '--json', '--exclude', 'filler')
      await vi.waitFor(() => expect(countOf(service.out(), '"exitCode":0,"time"')).toBe(1), deadline)
      fs.writeFileSync(at('replica', 'filler'), Buffer.alloc(900_000))
      fs.writeFileSync(at('source', 'b'), Buffer.alloc(400_000, 'b'))
      await vi.waitFor(() => expect(service.out()).toMatch(/"type":"wait".*"failures":2/), deadline)
      expect(service.out()).toMatch(/"type":"end","exitCode":11/)
      fs.rmSync(at('replica', 'filler'))
      await vi.waitFor(
        () => expect(service.out()).toMatch(/"failures":\d+\}\n[^]*"type":"wait","next":"[^"]*"\}\n$/),
        deadline,
      )
      service.child.kill('SIGINT')
      expect(await service.ended).toEqual([null, 'SIGINT'])
      expectEqualTrees(at('source'), at('replica'))
    },
  )

  it('K08: that was held up for many points makes up for them once', async () => {
    writeTree(at('source'), { a: 'a' })
    const service = serve('source', 'replica', '--every', '0.25s', '--json')
    await vi.waitFor(() => expect(service.out()).toContain('"type":"wait"'), deadline)
    service.child.kill('SIGSTOP')
    const before = service.out().length
    // The passing of time is what this is about: ten points.
    await new Promise(resolve => setTimeout(resolve, 2500))
    service.child.kill('SIGCONT')
    await vi.waitFor(
      () => expect(countOf(service.out().slice(before), '"type":"wait"')).toBeGreaterThan(1),
      deadline,
    )
    service.child.kill('SIGINT')
    expect(await service.ended).toEqual([null, 'SIGINT'])
    const told =
      service
        .out()
        .slice(before)
        .match(/"type":"(?:missed|start)"[^\n]*/g) ?? []
    expect(Number(/"type":"missed","count":(\d+)/.exec(told[0] ?? '')?.[1])).toBeGreaterThan(7)
    expect(told.filter(line => line.includes('missed'))).toHaveLength(1)
  })

  it('that can never work ends at once', async () => {
    const args = ['source', 'replica', '--cron', '61 * * * *', '--log', 'log']
    const { code, stderr } = await runProcess(process.execPath, [main, ...args], { cwd: temporary.path })
    expect([code, fs.readdirSync(temporary.path)]).toEqual([2, []])
    expect(stderr).toMatch(/^facsimile: --cron: expected [^\n]*\n$/)
  })
})

describe.skipIf(process.platform === 'win32')('the log of a series', () => {
  it('is renamed and opened anew by SIGHUP, as logrotate does, and no line is lost', async () => {
    writeTree(at('source'), { a: 'a' })
    const service = serve('source', 'replica', '--every', '0.02s', '--log', 'log', '--json')
    const rounds = 10
    for (let round = 0; round < rounds; round++) {
      await vi.waitFor(() => expect(countOf(read('log'), ' end ')).toBeGreaterThan(0), deadline)
      fs.renameSync(at('log'), at(`log.${round}`))
      service.child.kill('SIGHUP')
    }
    await vi.waitFor(() => expect(countOf(read('log'), ' end ')).toBeGreaterThan(0), deadline)
    service.child.kill('SIGINT')
    expect(await service.ended).toEqual([null, 'SIGINT'])
    const names = [...Array.from({ length: rounds }, (_, round) => `log.${round}`), 'log']
    const words = names.flatMap(name =>
      [...read(name).matchAll(/^\S+ (start|end) .*$/gm)].map(([, word]) => word),
    )
    const told = [...service.out().matchAll(/"type":"(start|end)"/g)].map(([, word]) => word)
    expect(told.length).toBeGreaterThan(2 * rounds)
    expect(words).toEqual(told)
  })

  it('is opened anew at once, also while nothing is written to it', async () => {
    writeTree(at('source'), { a: 'a' })
    const service = serve('source', 'replica', '--every', '1h', '--log', 'log')
    await vi.waitFor(() => expect(service.out()).toContain('Next run at '), deadline)
    fs.renameSync(at('log'), at('old'))
    service.child.kill('SIGHUP')
    await vi.waitFor(() => expect(fs.existsSync(at('log'))).toBe(true), deadline)
    service.child.kill('SIGINT')
    expect(await service.ended).toEqual([null, 'SIGINT'])
    expect([read('log'), countOf(read('old'), ' end ')]).toEqual(['', 1])
  })

  it('of two processes is put aside by size, and no line of either is lost or parted', async () => {
    writeTree(at('source'), { a: 'a' })
    const limits = ['--log', 'log', '--log-max-size', '2K', '--log-keep', '500']
    const both = ['one', 'two'].map(replica =>
      serve('source', replica, '--every', '0.02s', '--json', ...limits),
    )
    await vi.waitFor(() => expect(fs.existsSync(at('log.6'))).toBe(true), deadline)
    for (const { child } of both) child.kill('SIGINT')
    for (const { ended } of both) expect(await ended).toEqual([null, 'SIGINT'])
    const logs = fs.readdirSync(temporary.path).filter(name => name.startsWith('log'))
    const lines = logs.flatMap(name => read(name).match(/[^\n]*\n?/g) ?? []).filter(line => line !== '')
    expect(lines.filter(line => !/^\d{4}-\S+Z (?:start|end|create|problem|notice) .*\n$/.test(line))).toEqual(
      [],
    )
    for (const word of ['start', 'end']) {
      const told = both.reduce((sum, { out }) => sum + countOf(out(), `"type":"${word}"`), 0)
      expect(lines.filter(line => line.includes(`Z ${word} `))).toHaveLength(told)
    }
    expect(both.map(({ err }) => err())).toEqual(['', ''])
    expect(fs.existsSync(at('log.rotating'))).toBe(false)
  })

  it('is put aside by runs that cron starts, too', async () => {
    writeTree(at('source'), { a: 'a' })
    const args = ['source', 'replica', '--log', 'log', '--log-max-size', '400', '--log-keep', '2']
    for (let run = 0; run < 8; run++) {
      expect((await runProcess(process.execPath, [main, ...args], { cwd: temporary.path })).code).toBe(0)
    }
    const names = ['log', 'log.1', 'log.2']
    expect(fs.readdirSync(temporary.path).toSorted()).toEqual([...names, 'replica', 'source'])
    for (const name of names) expect(fs.statSync(at(name)).size).toBeLessThan(401)
  })

  it('in the source is put aside and opened anew between runs only, and is left out of the mirror', async () => {
    writeTree(at('source'), { a: 'a' })
    const limits = ['--log', 'source/log', '--log-max-size', '1K', '--log-keep', '2']
    const service = serve('source', 'replica', '--every', '0.02s', '--json', ...limits)
    await vi.waitFor(() => expect(fs.existsSync(at('source', 'log.2'))).toBe(true), deadline)
    for (let round = 1; round < 20; round++) {
      service.child.kill('SIGHUP')
      const runs = countOf(service.out(), '"type":"end"')
      await vi.waitFor(() => expect(countOf(service.out(), '"type":"end"')).toBeGreaterThan(runs), deadline)
    }
    service.child.kill('SIGINT')
    expect(await service.ended).toEqual([null, 'SIGINT'])
    expect(fs.readdirSync(at('source')).toSorted()).toEqual(['a', 'log', 'log.1', 'log.2'])
    expect(fs.readdirSync(at('replica'))).toEqual(['a'])
  })

  it('is no FIFO and no link, and that is said', async () => {
    writeTree(at('source'), { a: 'a' })
    const args = ['source', 'replica', '--log', '/dev/stdout', '--log-max-size', '1M']
    const { code, stderr } = await runProcess(process.execPath, [main, ...args], { cwd: temporary.path })
    expect([code, fs.existsSync(at('replica'))]).toEqual([2, false])
    expect(stderr).toMatch(
      /^facsimile: the log \/dev\/stdout cannot be opened: it is a symbolic link[^\n]*\n$/,
    )
  })
})
