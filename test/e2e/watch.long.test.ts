/** What a watch costs, and that it lasts: large trees, storms, thousands of cycles, other programs at work. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { WatchOptions } from '@facsimile/core'
import { describe, expect, it, vi } from 'vitest'
import { compareTrees, exactly } from '../support/compare-trees.js'
import { runProcess } from '../support/run.js'
import { useTemporaryDirectory } from '../support/temp.js'
import { Watching } from '../support/watching.js'

vi.setConfig({ testTimeout: 300_000 })

const temporary = useTemporaryDirectory()
const at = (...names: string[]): string => path.join(temporary.path, ...names)
const main = fileURLToPath(new URL('../../packages/cli/bundle/main.js', import.meta.url))

function watch(options: Partial<WatchOptions> = {}): Watching {
  return new Watching({ source: at('source'), replica: at('replica'), stateFolder: at('state'), ...options })
}

const isEqual = (): boolean => compareTrees(at('source'), at('replica'), exactly).length === 0

/** 100 times 100 directories, with a file in each. */
function writeMany(): number {
  for (let outer = 0; outer < 100; outer++)
    for (let inner = 0; inner < 100; inner++) {
      const directory = at('source', `outer-${outer}`, `inner-${inner}`)
      fs.mkdirSync(directory, { recursive: true })
      fs.writeFileSync(path.join(directory, 'file'), 'x')
    }
  return 1 + 100 + 10_000
}

/** How many watches the process holds, how many descriptors, and how much memory in MB. */
function heldBy(pid: number | 'self'): { watches: number; descriptors: number; memory: number } {
  const names = fs.readdirSync(`/proc/${pid}/fdinfo`)
  const watches = names.map(name => {
    try {
      return fs.readFileSync(`/proc/${pid}/fdinfo/${name}`, 'latin1').split(/^inotify wd:/m).length - 1
    } catch {
      return 0
    }
  })
  const status = fs.readFileSync(`/proc/${pid}/status`, 'latin1')
  return {
    watches: watches.reduce((sum, each) => sum + each, 0),
    descriptors: names.length,
    memory: Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]) / 1024,
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

describe.skipIf(process.platform !== 'linux')('of 10,000 directories', () => {
  it('is armed in less than a second, by one watch each; a change is mirrored within 300 ms', async () => {
    const directories = writeMany()
    const plain: number[] = []
    const watched: number[] = []
    {
      await using first = watch()
      await first.live()
    }
    for (let round = 0; round < 3; round++) {
      const before = performance.now()
      await runProcess(process.execPath, [main, 'source', 'replica'], {
        cwd: temporary.path,
        env: environment(),
      })
      plain.push(performance.now() - before)
      const started = performance.now()
      const child = spawn(process.execPath, [main, 'source', 'replica', '--watch'], {
        cwd: temporary.path,
        env: environment(),
      })
      await said(child, /Watching 10,101 directories/)
      watched.push(performance.now() - started)
      expect(heldBy(child.pid ?? 0).watches).toBe(directories)
      child.kill('SIGKILL')
      await once(child, 'close')
    }
    const armedIn = median(watched) - median(plain)
    const latencies: number[] = []
    await using watching = watch()
    await watching.live()
    for (let change = 0; change < 50; change++) {
      const name = path.join(`outer-${change}`, `inner-${change}`, 'new')
      const written = performance.now()
      fs.writeFileSync(at('source', name), 'new')
      await watching.until(() => fs.existsSync(at('replica', name)))
      latencies.push(performance.now() - written)
    }
    console.info(
      `armed in ${armedIn.toFixed(0)} ms; a change takes ${median(latencies).toFixed(0)} ms (median)`,
    )
    expect(armedIn).toBeLessThan(1000)
    expect(median(latencies)).toBeLessThan(300)
    expect(isEqual()).toBe(true)
  })

  it('takes at most 40 MB more than a run that watches nothing', async () => {
    writeMany()
    const command = [main, 'source', 'replica']
    await runProcess(process.execPath, command, { cwd: temporary.path, env: environment() })
    const more: number[] = []
    for (let round = 0; round < 3; round++) {
      const [interval, watched] = await Promise.all(
        [
          { args: ['--interval', '60'], until: /Next run at/ },
          { args: ['--watch'], until: /Watching/ },
        ].map(async ({ args, until }) => {
          const child = spawn(process.execPath, [...command, '--wait', ...args], {
            cwd: temporary.path,
            env: environment(),
          })
          await said(child, until)
          const { memory } = heldBy(child.pid ?? 0)
          child.kill('SIGKILL')
          await once(child, 'close')
          return memory
        }),
      )
      more.push((watched ?? Number.NaN) - (interval ?? Number.NaN))
    }
    console.info(`${median(more).toFixed(1)} MB more`)
    expect(median(more)).toBeLessThan(40)
  })
})

it('W01: 100,000 events, which are more than the system keeps, are made good by itself', async () => {
  const names = Array.from({ length: 1000 }, (_, index) => `file-${index}`)
  fs.mkdirSync(at('source/quiet/deep'), { recursive: true })
  for (const name of names) fs.writeFileSync(at('source', name), '')
  await using watching = watch()
  await watching.live()
  for (let event = 0; event < 100_000; event++)
    fs.appendFileSync(at('source', names[event % 1000] ?? ''), 'x')
  fs.writeFileSync(at('source/quiet/deep/last'), 'last')
  await watching.until(() => watching.reports.length > 1 && isEqual())
})

it('W07: 10,000 cycles leak nothing', async () => {
  fs.mkdirSync(at('source'))
  await using watching = watch({ debounce: 0 })
  await watching.live()
  const figures: ReturnType<typeof heldBy>[] = []
  for (let cycle = 0; cycle < 10_000; cycle++) {
    const [made, gone] = [at('source', `d${cycle % 7}`), at('source', `d${(cycle + 3) % 7}`)]
    fs.rmSync(gone, { recursive: true, force: true })
    fs.mkdirSync(made, { recursive: true })
    fs.writeFileSync(path.join(made, 'file'), `${cycle}`)
    watching.reports.splice(0)
    await watching.until(() => watching.reports.length > 0)
    if (cycle % 1000 === 999) figures.push(heldBy('self'))
  }
  await watching.until(isEqual)
  const [first, last] = [figures[1], figures.at(-1)]
  console.info(`after 2,000: ${JSON.stringify(first)}; after 10,000: ${JSON.stringify(last)}`)
  expect(last?.watches).toBeLessThanOrEqual(8)
  expect((last?.descriptors ?? 0) - (first?.descriptors ?? 0)).toBeLessThanOrEqual(2)
  expect((last?.memory ?? 0) - (first?.memory ?? 0)).toBeLessThan(20)
})

it('a checkout of another branch is followed', async () => {
  const git = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await runProcess('git', ['-C', at('source'), ...args])
    if (code !== 0) throw new Error(stderr)
  }
  fs.mkdirSync(at('source'))
  await git('init', '-q')
  await git('config', 'user.email', 'a@example.org')
  await git('config', 'user.name', 'a')
  for (const branch of ['one', 'two']) {
    await git('checkout', '-q', '--orphan', branch)
    for (let file = 0; file < 3000; file++) {
      const directory = at('source', `${branch}-${file % 10}`, `both-${file % 100}`)
      fs.mkdirSync(directory, { recursive: true })
      fs.writeFileSync(path.join(directory, `f${file}`), branch.repeat(file % 50))
      fs.mkdirSync(at('source', `both-${file % 50}`), { recursive: true })
      fs.writeFileSync(at('source', `both-${file % 50}`, `f${file % 300}`), `${branch} ${file}`)
    }
    await git('add', '-A')
    await git('commit', '-qm', branch)
  }
  await using watching = watch({ maxDelete: '100%' })
  await watching.live()
  for (const branch of ['one', 'two', 'one']) await git('checkout', '-q', branch)
  await watching.until(isEqual)
  await git('gc', '-q')
  await git('checkout', '-q', 'two')
  await watching.until(isEqual)
})

it('what npm installs while it is watched is mirrored', async () => {
  fs.mkdirSync(at('source'))
  fs.writeFileSync(at('source/package.json'), JSON.stringify({ name: 'a', version: '1.0.0', private: true }))
  await using watching = watch({ maxDelete: '100%' })
  await watching.live()
  const args = ['install', '--no-audit', '--no-fund', 'fast-glob@3', 'commander@14', 'vite@7']
  const { code, stderr } = await runProcess('npm', args, { cwd: at('source') })
  expect([code, code === 0 ? '' : stderr]).toEqual([0, ''])
  await watching.until(isEqual)
  expect(fs.existsSync(at('replica/node_modules/fast-glob/package.json'))).toBe(true)
  await runProcess('npm', ['uninstall', 'vite'], { cwd: at('source') })
  await watching.until(isEqual)
})

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, XDG_STATE_HOME: at('state') }
}

async function said({ stdout }: ReturnType<typeof spawn>, what: RegExp): Promise<void> {
  let text = ''
  for await (const chunk of stdout ?? []) {
    text += String(chunk)
    if (what.test(text)) return
  }
  throw new Error(`it ended, having said: ${text}`)
}
