/** A watch, with real folders and the system's real events, by the published library. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { watchFolders, type WatchOptions } from '@facsimile/core'
import { describe, expect, it } from 'vitest'
import { compareTrees, exactly, expectEqualTrees } from '../support/compare-trees.js'
import { canMake, fileSystems } from '../support/file-systems.js'
import { mountFileSystem } from '../support/mounted.js'
import { canMount, useMounts } from '../support/mounts.js'
import { useTemporaryDirectory } from '../support/temp.js'
import { Watching } from '../support/watching.js'
import { writeTree } from '../support/write-tree.js'

const temporary = useTemporaryDirectory()
const mounts = useMounts()
const at = (...names: string[]): string => path.join(temporary.path, ...names)
const source = (...names: string[]): string => at('source', ...names)

function watch(options: Partial<WatchOptions> = {}): Watching {
  const stateFolder = at('state')
  return new Watching({ source: at('source'), replica: at('replica'), stateFolder, debounce: 10, ...options })
}

const isEqual = (): boolean => compareTrees(at('source'), at('replica'), exactly).length === 0

const edits: Readonly<Record<string, () => void>> = {
  'W03: nested directories made at once, with files in them': () => {
    fs.mkdirSync(source('n/e/s/t/e/d'), { recursive: true })
    fs.writeFileSync(source('n/e/s/t/e/d/x'), 'x')
    fs.writeFileSync(source('n/e/y'), 'y')
  },
  'W03: a tree that is moved in': () => {
    writeTree(at('outside'), { a: { b: { c: 'c' } }, d: 'd' })
    fs.renameSync(at('outside'), source('a', 'in'))
  },
  'W03: a renamed directory, and what is written in it afterwards': () => {
    fs.renameSync(source('a'), source('z'))
    fs.writeFileSync(source('z/b/later'), 'later')
  },
  'W03: a directory that is made anew at the same path': () => {
    fs.rmSync(source('a'), { recursive: true })
    writeTree(source('a'), { b: { other: 'other' } })
  },
  'W03: two directories that change places, and what is written in both': () => {
    fs.renameSync(source('a'), source('swap'))
    fs.renameSync(source('k'), source('a'))
    fs.renameSync(source('swap'), source('k'))
    fs.writeFileSync(source('a/new'), 'in a')
    fs.writeFileSync(source('k/b/new'), 'in k')
  },
  'W03: a directory that is moved out, and comes back elsewhere': () => {
    fs.renameSync(source('a/b'), at('out'))
    fs.writeFileSync(at('out/meanwhile'), 'm')
    fs.renameSync(at('out'), source('k/b'))
  },
  'an editor’s atomic save': () => {
    fs.writeFileSync(source('a/.one.swp'), 'edited')
    fs.renameSync(source('a/.one.swp'), source('a/one'))
  },
  'attributes alone': () => {
    fs.chmodSync(source('a/one'), 0o600)
    fs.chmodSync(source('a/b'), 0o700)
    fs.utimesSync(source('k/two'), 1, 2)
  },
  'what is of another kind now': () => {
    fs.rmSync(source('a'), { recursive: true })
    fs.writeFileSync(source('a'), 'a file')
    fs.rmSync(source('k/two'))
    fs.mkdirSync(source('k/two'))
    fs.symlinkSync('two', source('k/link'))
  },
  'what is deleted': () => fs.rmSync(source('a'), { recursive: true }),
  'the root’s own mode': () => fs.chmodSync(at('source'), 0o711),
}

describe('is mirrored when it happens', () => {
  it.each(Object.keys(edits))('%s', async name => {
    writeTree(at('source'), { a: { one: 'one', b: { c: 'c' } }, k: { two: 'two' }, t: 't' })
    await using watching = watch()
    await watching.live()
    edits[name]?.()
    await watching.until(isEqual)
    expect(watching.reports.map(({ exitCode }) => exitCode)).toEqual(watching.reports.map(() => 0))
    expect(watching.reports.map(({ scope }) => scope).slice(1)).not.toContain('all')
  })

  it.skipIf(process.platform !== 'linux')('W03: names that are no text', async () => {
    writeTree(at('source'), { a: 'a' })
    await using watching = watch()
    await watching.live()
    const folder = Buffer.concat([Buffer.from(source('d')), Buffer.of(0xff)])
    fs.mkdirSync(folder)
    await watching.until(isEqual)
    // In a directory whose own name is none.
    fs.writeFileSync(Buffer.concat([folder, Buffer.from('/'), Buffer.of(0xfe)]), 'x')
    await watching.until(isEqual)
    expect(watching.reports.at(-1)?.changes.create.done).toBe(1)
  })

  it('W03: a file of several names, wherever they are', async () => {
    writeTree(at('source'), { a: { one: 'one' }, b: { c: {} } })
    fs.linkSync(source('a/one'), source('b/c/two'))
    await using watching = watch()
    await watching.live()
    fs.appendFileSync(source('a/one'), ', longer')
    await watching.until(isEqual)
    fs.linkSync(source('a/one'), source('b/three'))
    await watching.until(isEqual)
    fs.rmSync(source('a/one'))
    await watching.until(isEqual)
  })

  it('W10: an entry that is renamed again and again', async () => {
    writeTree(at('source'), { a: { x: 'x' } })
    await using watching = watch()
    await watching.live()
    for (let turn = 0; turn < 100; turn++) {
      fs.renameSync(source('a'), source('b'))
      if (turn % 10 === 0) await nextTurn()
      fs.renameSync(source('b'), source('a'))
    }
    fs.renameSync(source('a'), source('c'))
    fs.writeFileSync(source('c/last'), 'last')
    await watching.until(isEqual)
    expect(fs.readdirSync(at('replica'))).toEqual(['c'])
  })

  it('what an ignore file says of what lies below it', async () => {
    writeTree(at('source'), { deep: { '.ignored': 'x\n', below: { x: 'x', y: 'y' } } })
    await using watching = watch({ ignoreFile: '.ignored' })
    await watching.live()
    expect(fs.existsSync(at('replica/deep/below/x'))).toBe(false)
    fs.writeFileSync(source('deep/.ignored'), 'y\n')
    await watching.until(() => fs.existsSync(at('replica/deep/below/x')))
    expect(watching.reports.at(-1)?.scope).toBe('all')
  })
})

const fat = fileSystems.find(({ name }) => name === 'FAT')

it.skipIf(fat === undefined || !canMake(fat))(
  'W02: what lies on a file system that does not tell is polled, which is said once (needs mount)',
  async () => {
    if (fat === undefined) return
    using disk = mountFileSystem(fat)
    const from = path.join(disk.path, 'source')
    writeTree(from, { a: 'a' })
    await using watching = watch({ source: from })
    await watching.until(() => watching.state.coverage === 'degraded')
    expect(watching.state.reason).toMatch(
      /lies on FUSE, which does not tell of each change: all is compared every/,
    )
    fs.writeFileSync(path.join(from, 'b'), 'b')
    await watching.until(() => fs.existsSync(at('replica/b')))
    expect(watching.states.filter(({ coverage }) => coverage === 'degraded')).toHaveLength(1)
  },
)

describe('a watch', () => {
  it('W01: that has missed events, for the system keeps so many only, compares all', async () => {
    const files = Array.from({ length: 100 }, (_, index) => `file-${index}`)
    writeTree(at('source'), { busy: new Map(files.map(name => [name, ''])), quiet: { deep: {} } })
    await using watching = watch()
    await watching.live()
    // Nobody reads them meanwhile, so that what comes last is lost.
    for (let event = 0; event < 40_000; event++)
      fs.appendFileSync(source('busy', files[event % files.length] ?? ''), 'x')
    fs.writeFileSync(source('quiet/deep/last'), 'last')
    await watching.until(() => watching.reports.length > 1 && isEqual())
    expect(watching.reports.map(({ scope }) => scope).slice(1)).toContain('all')
  })

  it('W05: under a storm of events runs now and then, and is not held up by it', async () => {
    writeTree(at('source'), { a: { x: '' }, b: 'b' })
    await using watching = watch({ debounce: 50, maxDelay: 200 })
    await watching.live()
    const before = watching.reports.length
    const until = performance.now() + 1500
    while (performance.now() < until) {
      fs.appendFileSync(source('a/x'), 'x')
      await nextTurn()
    }
    const during = watching.reports.length - before
    expect(during).toBeGreaterThanOrEqual(2)
    expect(during).toBeLessThanOrEqual(8)
    await watching.until(isEqual)
  })

  it('W06: is not set off by the caller’s own files, nor by reading', async () => {
    writeTree(at('source'), { a: 'a' })
    const log = source('log')
    fs.writeFileSync(log, '')
    await using watching = watch({ ownFiles: [log], exclude: ['log'], compare: 'content' })
    await watching.live()
    for (const name of ['b', 'c']) {
      fs.appendFileSync(log, 'about to write\n')
      fs.writeFileSync(source(name), name)
      await watching.until(() => fs.existsSync(at('replica', name)))
      fs.appendFileSync(log, 'written\n')
    }
    fs.writeFileSync(source('d'), 'd')
    await watching.until(() => fs.existsSync(at('replica/d')))
    expect(watching.reports.length).toBeLessThanOrEqual(4)
  })

  it('repairs what was edited in the replica when all is compared again', async () => {
    writeTree(at('source'), { a: 'a' })
    await using watching = watch({ reconcile: 1000 })
    await watching.live()
    fs.writeFileSync(at('replica/a'), 'edited')
    fs.writeFileSync(at('replica/extra'), 'extra')
    await watching.until(isEqual)
    expect(watching.reports.at(-1)?.scope).toBe('all')
    expect(Date.parse(watching.state.lastProof ?? '')).toBeGreaterThan(0)
  })

  it('W04: never mirrors that its source is gone, and goes on when it is back', async () => {
    writeTree(at('source'), { a: { b: 'b' }, c: 'c' })
    await using watching = watch()
    await watching.live()
    fs.renameSync(at('source'), at('away'))
    await watching.until(() => watching.state.coverage === 'waiting')
    expect(watching.state.reason).toMatch(/^nothing is mirrored until this is mended: .*source/)
    // Another folder in its place is not it, be it empty or not.
    fs.mkdirSync(at('source'))
    await watching.until(() => watching.reports.filter(({ exitCode }) => exitCode === 26).length >= 2)
    fs.writeFileSync(source('other'), 'other')
    await watching.until(() => watching.reports.filter(({ exitCode }) => exitCode === 26).length >= 3)
    expectEqualTrees(at('away'), at('replica'), exactly)
    fs.rmSync(at('source'), { recursive: true })
    fs.writeFileSync(at('away/a/new'), 'new')
    fs.renameSync(at('away'), at('source'))
    await watching.until(() => watching.state.coverage === 'live' && isEqual())
    fs.writeFileSync(source('a/newer'), 'newer')
    await watching.until(isEqual)
  })

  it.skipIf(!canMount)('W04: nor that it is unmounted (needs mount)', async () => {
    writeTree(at('disk'), { a: { b: 'b' }, c: 'c' })
    fs.mkdirSync(at('source'))
    mounts.bind(at('disk'), at('source'))
    await using watching = watch()
    await watching.live()
    mounts.clear()
    await watching.until(() => watching.state.coverage === 'waiting')
    expectEqualTrees(at('disk'), at('replica'), exactly)
    fs.writeFileSync(at('disk/a/new'), 'new')
    mounts.bind(at('disk'), at('source'))
    await watching.until(() => watching.state.coverage === 'live' && isEqual())
  })

  it.skipIf(!canMount)('W09: waits for a source that is mounted later (needs mount)', async () => {
    writeTree(at('disk'), { a: { b: 'b' } })
    writeTree(at('replica'), { a: { b: 'b', old: 'old' } })
    fs.mkdirSync(at('source'))
    await using watching = watch()
    await watching.until(() => watching.state.coverage === 'waiting')
    expect(fs.existsSync(at('replica/a/old'))).toBe(true)
    mounts.bind(at('disk'), at('source'))
    await watching.until(() => watching.state.coverage === 'live' && isEqual())
  })

  it.skipIf(process.platform !== 'linux')(
    'holds one watch for each directory, and none when it is over',
    async () => {
      writeTree(at('source'), { a: { b: {}, c: {} }, d: {} })
      const before = watchesOfThisProcess()
      const watching = watch()
      await watching.live()
      expect([watchesOfThisProcess() - before, watching.state.directories]).toEqual([5, 5])
      fs.rmSync(source('a'), { recursive: true })
      await watching.until(isEqual)
      fs.mkdirSync(source('d/e'))
      await watching.until(isEqual)
      expect([watchesOfThisProcess() - before, watching.state.directories]).toEqual([3, 3])
      await watching[Symbol.asyncDispose]()
      expect(watchesOfThisProcess()).toBe(before)
    },
  )

  it('ends when its signal aborts, and is told of each run beforehand', async () => {
    writeTree(at('source'), { a: 'a' })
    const controller = new AbortController()
    const begun: string[] = []
    const options = { source: at('source'), replica: at('replica'), stateFolder: at('state') }
    const onRun = async (scope: string): Promise<void> => {
      await nextTurn()
      begun.push(`${scope} ${fs.existsSync(at('replica/a'))}`)
    }
    for await (const { exitCode } of watchFolders({ ...options, signal: controller.signal, onRun })) {
      expect(exitCode).toBe(0)
      controller.abort()
    }
    expect(begun).toEqual(['all false'])
  })

  it('refuses options that no run could be made with', async () => {
    await expect(watch({ concurrency: -1 }).until(() => false)).rejects.toThrow(/option "concurrency"/)
  })
})

function watchesOfThisProcess(): number {
  return fs
    .readdirSync('/proc/self/fdinfo')
    .map(name => {
      try {
        return fs.readFileSync(`/proc/self/fdinfo/${name}`, 'latin1').split(/^inotify wd:/m).length - 1
      } catch {
        // It was the one that listed them.
        return 0
      }
    })
    .reduce((sum, each) => sum + each, 0)
}
