/** A schedule by the real cron daemon, which is killed and started again. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { compareTrees } from '../../../../test/support/compare-trees.js'
import { isRoot } from '../../../../test/support/entry-kind.js'
import { runProcess } from '../../../../test/support/run.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { writeTree } from '../../../../test/support/write-tree.js'

const main = fileURLToPath(new URL('../../bundle/main.js', import.meta.url))
const temporary = useTemporaryDirectory()
const at = (...names: string[]): string => path.join(temporary.path, ...names)
const deadline = { timeout: 130_000, interval: 200 }
const cron = ['/usr/sbin/cron', '/usr/bin/cron'].find(program => fs.existsSync(program))
const isOurs = isRoot && cron !== undefined && !fs.existsSync('/var/run/crond.pid')

let daemon: ChildProcess | undefined
let crontab: string | undefined

beforeEach(() => {
  const { status, stdout } = spawnSync('crontab', ['-l'], { encoding: 'utf8' })
  crontab = status === 0 ? stdout : undefined
})

afterEach(async () => {
  await stop()
  if (crontab === undefined) spawnSync('crontab', ['-r'])
  else spawnSync('crontab', ['-'], { input: crontab })
})

function start(): void {
  daemon = spawn(cron ?? '', ['-f'], { stdio: 'ignore' })
}

async function stop(): Promise<void> {
  if (daemon === undefined) return
  const ended = once(daemon, 'close')
  daemon.kill('SIGKILL')
  await ended
  daemon = undefined
  fs.rmSync('/var/run/crond.pid', { force: true })
}

const isEqual = (): boolean => compareTrees(at('source'), at("re'pli%ca\n2")).length === 0

it.skipIf(!isOurs)(
  'the replica follows, also after the daemon was killed (needs cron)',
  { timeout: 400_000 },
  async () => {
    writeTree(at('source'), { a: 'a' })
    // Where the jobs are is the one odd path that cron itself is told.
    const env = { ...process.env, XDG_STATE_HOME: at('state'), XDG_CONFIG_HOME: at('con "fig\n$x\\ 100%') }
    const facsimile = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await runProcess(process.execPath, [main, ...args], {
        cwd: temporary.path,
        env,
      })
      expect([code, stderr]).toEqual([0, ''])
      return stdout
    }
    await facsimile(
      'schedule',
      'add',
      'each',
      'source',
      "re'pli%ca\n2",
      '--cron',
      '* * * * *',
      '--install',
      '--for',
      'cron',
    )
    await facsimile(
      'schedule',
      'add',
      'each',
      'source',
      "re'pli%ca\n2",
      '--cron',
      '* * * * *',
      '--install',
      '--for',
      'cron',
    )
    const lines = spawnSync('crontab', ['-l'], { encoding: 'utf8' }).stdout.split('\n')
    expect(lines.filter(line => line === '# BEGIN facsimile schedule each')).toHaveLength(1)
    start()
    await vi.waitFor(() => expect(fs.existsSync(at("re'pli%ca\n2")) && isEqual()).toBe(true), deadline)
    await stop()
    fs.writeFileSync(at('source/b'), 'b')
    start()
    await vi.waitFor(() => expect(isEqual()).toBe(true), deadline)
    expect(await facsimile('status', 'each')).toMatch(/^each: (?:ok|running)\n/)
    await facsimile('schedule', 'remove', 'each')
    const left = spawnSync('crontab', ['-l'], { encoding: 'utf8' })
    expect(left.status === 0 ? left.stdout.trimEnd() : '').toBe((crontab ?? '').trimEnd())
  },
)
