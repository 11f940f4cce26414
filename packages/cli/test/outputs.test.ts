import * as fs from 'node:fs'
import * as path from 'node:path'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '../../../test/support/temp.js'
import { call, mirror } from './support/fake-core.js'
import { type FakeIo, fakeIo, systemError } from './support/fake-io.js'
import { problem, report } from './support/samples.js'

const erase = '\u001b[K'

it('a problem is said after the lines that led there', async () => {
  const io = fakeIo()
  const order: string[] = []
  io.stdout.write = text => order.push(`out ${text.split(' ')[0]}`) > 0
  io.stderr.write = text => order.push(`err ${text.trim()}`) > 0
  await call(
    ['a', 'b'],
    async options => {
      const report = await mirror(options)
      options.on?.problem?.(problem({ message: 'no' }))
      return report
    },
    io,
  )
  expect(order).toEqual(['out create', 'err facsimile: no', 'out Created'])
})

it('streams that nobody reads stop nothing', async () => {
  const io = fakeIo()
  const { exitCode, out } = await call(
    ['a', 'b'],
    options => {
      for (const stream of [io.stdout, io.stderr]) stream.emit('error', systemError('EPIPE'))
      return mirror(options)
    },
    io,
  )
  expect([exitCode, out]).toEqual([0, ''])
})

/** Makes stdout one that is always full, as if its file system were. */
function fillUp(io: FakeIo): void {
  io.stdout.write = () => {
    process.nextTick(() => io.stdout.emit('error', systemError('ENOSPC')))
    return false
  }
}

const lost = 'lines on stdout were lost: no space left (ENOSPC); nothing else was left undone for that'

it.each(['-n', '--json', '--verbose'])('with %s, stdout that fails is said once, with 23', async flag => {
  const io = fakeIo()
  fillUp(io)
  const { exitCode, err } = await call(['a', 'b', flag], mirror, io)
  expect([exitCode, err]).toEqual([23, `facsimile: ${lost}\n`])
})

it('stdout that fails at the last lines only is said too', async () => {
  const io = fakeIo()
  fillUp(io)
  const { exitCode, err } = await call(['a', 'b'], () => Promise.resolve(report()), io)
  expect([exitCode, err]).toEqual([23, `facsimile: ${lost}\n`])
})

it('stdout that fails changes no other exit code, and is in the log', async () => {
  using folder = temporaryDirectory()
  const log = path.join(folder.path, 'log')
  const io = fakeIo()
  fillUp(io)
  const changed = report({ exitCode: 24, exact: false })
  const { exitCode } = await call(['a', 'b', '-l', log], () => Promise.resolve(changed), io)
  expect(exitCode).toBe(24)
  expect(fs.readFileSync(log, 'utf8')).toContain(` problem   ${lost}\n`)
})

it('stdout that fails is said once, however many runs there are', async () => {
  const io = fakeIo()
  fillUp(io)
  io.clock.onWait = () => {
    if (io.clock.waits.length === 3) io.host.send('SIGINT')
  }
  const { exitCode, err } = await call(['a', 'b', '-i', '1'], mirror, io)
  expect([exitCode, err]).toEqual([130, `facsimile: ${lost}\n`])
})

it('a terminal gets a live line, which is gone before anything else is printed', async () => {
  const io = fakeIo({ tty: true, env: { NO_COLOR: '1' } })
  const screen: string[] = []
  for (const stream of [io.stdout, io.stderr]) stream.write = text => screen.push(text) > 0
  await call(
    ['a', 'b'],
    options => {
      const { on } = options
      const progress: NonNullable<typeof on>['progress'] = done => {
        io.clock.advance(100)
        on?.progress?.(done)
      }
      return mirror({ ...options, on: { ...on, progress: progress ?? (() => {}) } })
    },
    io,
  )
  expect(screen[0]).toBe(`\rscanning  3 entries${erase}`)
  expect(screen.filter(text => text.startsWith('\r')).length).toBeGreaterThan(4)
  // What is printed follows something else that is printed, or the line's being cleared.
  const beforePrinted = screen.filter((_, at) => !(screen[at + 1] ?? '\r').startsWith('\r'))
  expect(beforePrinted.filter(text => text.startsWith('\r') && text !== `\r${erase}`)).toEqual([])
  expect(screen.join('')).toContain('create    new.txt\n')
})

it.each(['--quiet', '--json'])('a terminal gets no live line with %s', async flag => {
  const io = fakeIo({ tty: true })
  await call(['a', 'b', flag], mirror, io)
  expect(io.stderr.text).toBe('')
  expect(io.stdout.text).not.toContain('\u001b')
})

it('a terminal gets colours, unless NO_COLOR is set', async () => {
  const painted = '\u001b[32mcreate  \u001b[39m  new.txt\n'
  expect((await call(['a', 'b'], mirror, fakeIo({ tty: true }))).out).toContain(painted)
  expect((await call(['a', 'b'], mirror, fakeIo({ env: { FORCE_COLOR: '1' } }))).out).toContain(painted)
  const plain = fakeIo({ tty: true, env: { NO_COLOR: '1' } })
  expect((await call(['a', 'b'], mirror, plain)).out).toContain('create    new.txt\n')
})
