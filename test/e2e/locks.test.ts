/** One writer per replica: by whatever path, until its process is gone, and others wait if they are told to. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Problem, type Report, syncFolders } from '@facsimile/core'
import { afterEach, expect, it } from 'vitest'
import { ownMarker } from '../../packages/core/dist/tree/staging-marker.js'
import { canStrace } from '../support/can-strace.js'
import { expectEqualTrees } from '../support/compare-trees.js'
import { describeEachWay, mirror, type Setting, settings, stagedIn, useFolders } from '../support/mirror.js'
import { canMount, useMounts } from '../support/mounts.js'
import { readTree } from '../support/read-tree.js'
import { runProcess } from '../support/run.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders({ renames: false })
const mounts = useMounts()
const holders: ChildProcess[] = []
const holder = fileURLToPath(new URL('../support/lock-holder.mjs', import.meta.url))
const driver = fileURLToPath(new URL('../support/mirror-driver.mjs', import.meta.url))
const state = (): string => join(folders.path, 'state')

afterEach(() => {
  for (const each of holders.splice(0)) each.kill('SIGKILL')
})

/** Another process that has the replica. */
async function hold(path: string, { held }: Pick<Setting, 'held'>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [holder, path, held, state()], { stdio: ['pipe', 'pipe', 'inherit'] })
  holders.push(child)
  await once(child.stdout, 'data')
  return child
}

describeEachWay('a replica that another run has', setting => {
  it('L01: is waited for when that is wanted, which is said once, and read only then', async () => {
    writeTree(folders.source, { a: 'newer', b: 'b' })
    writeTree(folders.replica, { a: 'old' })
    const other = await hold(folders.replica, setting)
    const notices: string[] = []
    const problem = ({ message }: Problem): void => {
      if (!message.includes('waiting for its end')) return
      notices.push(message)
      // What the other run still does before it ends is to be seen.
      writeFileSync(join(folders.replica, 'theirs'), 'written while this run waited')
      other.stdin?.end()
    }
    const { report, changes } = await mirror(folders, setting, { wait: true, on: { problem } })
    expect(notices).toHaveLength(1)
    expect(report.exitCode).toBe(0)
    expect(changes.map(({ path }) => path)).toContain('theirs')
    expectEqualTrees(folders.source, folders.replica)
  })

  /** Waits for another run, and does something when that is said, before the other run ends. */
  async function waited(step: () => void, plan: () => Promise<void> = async () => {}): Promise<Report> {
    const other = await hold(folders.replica, setting)
    const problem = ({ message }: Problem): void => {
      if (!message.includes('waiting for its end')) return
      step()
      other.stdin?.end()
    }
    return (await mirror(folders, setting, { wait: true, on: { problem, plan } })).report
  }

  it('L01: is waited for, and what the roots are is read only then', async () => {
    writeTree(folders.source, { a: 'a' })
    expect((await mirror(folders, setting)).report.exitCode).toBe(0)
    const { exitCode } = await waited(() => {
      chmodSync(folders.source, 0o750)
      utimesSync(folders.source, 1, 1)
    })
    expect(exitCode).toBe(0)
    expectEqualTrees(folders.source, folders.replica)
  })

  it('L01: is waited for, and what was put in its place meanwhile is mirrored to, and locked', async () => {
    writeTree(folders.source, { a: 'a' })
    expect((await mirror(folders, setting)).report.exitCode).toBe(0)
    const moved = `${folders.replica}.old`
    const before = readTree(folders.replica)
    const exits: number[] = []
    const { exitCode } = await waited(
      () => {
        renameSync(folders.replica, moved)
        mkdirSync(folders.replica)
      },
      async () => {
        const { source, replica } = folders
        const second = { source, replica, ...setting, stateFolder: state(), reject: false }
        exits.push((await syncFolders(second)).exitCode)
      },
    )
    expect([exitCode, exits]).toEqual([0, [27]])
    expectEqualTrees(folders.source, folders.replica)
    expect(readTree(moved)).toEqual(before)
  })

  it('L01: that was made by another run while this one read is read, too, by who waits', async () => {
    writeTree(folders.source, { a: 'a' })
    let plans = 0
    const plan = (): void => {
      if (plans++ === 0) writeTree(folders.replica, { theirs: 't' })
    }
    const { report } = await mirror(folders, setting, { wait: true, on: { plan } })
    expect([report.exitCode, plans]).toEqual([0, 2])
    expectEqualTrees(folders.source, folders.replica)
  })

  it('L01: waiting ends with the signal, and nothing was changed', async () => {
    writeTree(folders.source, { a: 'newer' })
    writeTree(folders.replica, { a: 'old' })
    await hold(folders.replica, setting)
    const before = readTree(folders.replica)
    const stop = new AbortController()
    const problem = (): void => stop.abort()
    const { report } = await mirror(folders, setting, { wait: true, signal: stop.signal, on: { problem } })
    expect(report.exitCode).toBe(130)
    expect(readTree(folders.replica)).toEqual(before)
  })

  it('L04: is free as soon as that run was killed', async () => {
    writeTree(folders.source, { a: 'newer' })
    writeTree(folders.replica, { a: 'old' })
    const other = await hold(folders.replica, setting)
    expect((await mirror(folders, setting)).report.exitCode).toBe(27)
    other.kill('SIGKILL')
    await once(other, 'exit')
    expect((await mirror(folders, setting)).report.exitCode).toBe(0)
    expectEqualTrees(folders.source, folders.replica)
  })

  it.runIf(canMount)('L02: is met through a bind mount, too (needs mount)', async () => {
    writeTree(folders.source, { a: 'newer' })
    writeTree(folders.replica, { a: 'old' })
    const alias = join(folders.path, 'alias')
    mkdirSync(alias)
    mounts.bind(folders.replica, alias)
    await hold(alias, setting)
    expect((await mirror(folders, setting)).report.exitCode).toBe(27)
  })

  it('L07: is free when the run has ended, whatever processes were started meanwhile', async () => {
    writeTree(folders.source, { a: 'newer' })
    writeTree(folders.replica, { a: 'old' })
    const outcome = (): void => void holders.push(spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] }))
    expect((await mirror(folders, setting, { on: { outcome } })).report.exitCode).toBe(0)
    expect(holders.length).toBeGreaterThan(0)
    writeFileSync(join(folders.source, 'a'), 'newest')
    expect((await mirror(folders, setting)).report.exitCode).toBe(0)
    expect(holders.every(({ exitCode }) => exitCode === null)).toBe(true)
  })

  it('L03: a mirror of a mirror leaves out what the first run stages, and is mended by the next run', async () => {
    writeTree(folders.source, { a: 'newer', d: { b: 'b' } })
    writeTree(folders.replica, { a: 'old', gone: 'g' })
    const second = { path: folders.path, source: folders.replica, replica: join(folders.path, 'second') }
    mkdirSync(second.replica)
    let between = -1
    const outcome = async (): Promise<void> => {
      if (between >= 0) return
      expect(stagedIn(second.source)).toHaveLength(1)
      const { source, replica } = second
      between = (await syncFolders({ source, replica, ...setting, reject: false })).exitCode
      expect(stagedIn(second.replica)).toEqual([])
    }
    await mirror(folders, setting, { on: { outcome } })
    expect([0, 23, 24]).toContain(between)
    await mirror(second, setting)
    expectEqualTrees(folders.source, second.replica)
  })
})

const native = settings.some(({ held }) => held === 'libc')

it.runIf(canStrace && native)(
  'L05: on a file system that cannot lock, a file in the state folder does, and that is said (needs strace)',
  async () => {
    writeTree(folders.source, { a: 'newer' })
    writeTree(folders.replica, { a: 'old' })
    const refusing = ['-f', '-o', '/dev/null', '-e', 'trace=flock', '-e', 'inject=flock:error=ENOLCK', '--']
    const { source, replica } = folders
    const options = { source, replica, held: 'libc', concurrency: 1, stateFolder: state() }
    const command = [process.execPath, driver, JSON.stringify({ options })]
    const run = async (): Promise<Report> =>
      JSON.parse((await runProcess('strace', [...refusing, ...command])).stdout).report
    const first = await run()
    expect(first.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('the file system of the replica cannot lock'),
    ])
    expect(first.exitCode).toBe(0)
    const locks = join(state(), 'locks')
    expect(readdirSync(locks)).toEqual([])
    // A process that lives has it, and nobody steals it.
    writeFileSync(join(folders.source, 'a'), 'newest')
    const { dev, ino } = statSync(folders.replica, { bigint: true })
    const file = join(locks, `${dev}-${ino}.json`)
    writeFileSync(file, JSON.stringify(ownMarker()))
    chmodSync(file, 0o600)
    expect((await run()).exitCode).toBe(27)
    expect(existsSync(file)).toBe(true)
    expect(readFileSync(join(folders.replica, 'a'), 'utf8')).toBe('newer')
  },
)
