import { describe, expect, it } from 'vitest'
import type { ExitCode } from '../../src/model/exit-code.js'
import type { Name, RelativePath } from '../../src/model/path.js'
import type { Report } from '../../src/model/report.js'
import type { WatchedWalk } from '../../src/model/watched-walk.js'
import { type Outside, WatchLoop, type Watches } from '../../src/watch/watch-loop.js'
import { type WatchOptions, watchSettings } from '../../src/watch/watch-options.js'
import type { WatchReport, WatchState } from '../../src/watch/watch-state.js'

/** A loop over a system that does as it is told. */
class Fake {
  touch: (directory: RelativePath, name?: string) => void = () => {}
  readonly calls: string[] = []
  readonly states: WatchState[] = []
  /** What the runs end with, one after the other; 0 when there are no more. */
  readonly exits: ExitCode[] = []
  folder = '1:1'
  /** Called within each run. */
  onRun: (watching: WatchedWalk) => void = () => {}
  readonly stop = new AbortController()
  readonly loop: WatchLoop
  private readonly reports: AsyncGenerator<WatchReport>

  constructor(
    options: Partial<WatchOptions> = {},
    outside: Partial<Outside> = {},
    notWatched?: Watches['notWatched'],
  ) {
    const onState = (state: WatchState): void => void this.states.push(state)
    const settings = watchSettings({ source: 's', replica: 'r', debounce: 0, onState, ...options })
    const watches: { -readonly [Key in keyof Watches]: Watches[Key] } = {
      size: 3,
      isWatched: () => true,
      arm: path => void this.calls.push(`arm ${path}`),
      settle: () => void this.calls.push('settle'),
      beginWhole: () => {
        this.calls.push('begin')
        watches.notWatched = undefined
      },
      endWhole: () => {
        this.calls.push('end')
        watches.notWatched = notWatched
      },
      close: () => void this.calls.push('close'),
      notWatched,
    }
    this.loop = new WatchLoop(
      settings,
      {
        openWatches: onTouched => {
          this.touch = (directory, name) => onTouched(directory, name as Name | undefined)
          return watches
        },
        rootSignature: () => ({ folder: this.folder, state: this.folder }),
        longestQueue: 100,
        ownPaths: new Set(['log']),
        now: () => performance.now(),
        run: (_, watching) => {
          const { touched } = watching
          this.calls.push(
            `run ${touched === undefined ? 'all' : [...'abc'].filter(path => touched.has(path)).join('')}`,
          )
          this.onRun(watching)
          const exitCode = this.exits.shift() ?? 0
          const problems = exitCode === 0 ? [] : [{ message: `it was ${exitCode}` }]
          return Promise.resolve({ exitCode, startedAt: 'now', problems } as unknown as Report)
        },
        ...outside,
      },
      this.stop.signal,
    )
    this.reports = this.loop.reports()
  }

  async next(): Promise<string | undefined> {
    const { value } = (await this.reports.next()) as { value: WatchReport | undefined }
    return value?.scope
  }

  async end(): Promise<void> {
    await this.reports.return(undefined)
  }

  taken(): readonly string[] {
    return this.calls.splice(0)
  }
}

describe('a loop', () => {
  it('compares all first, between the beginning and the end of a whole walk', async () => {
    const fake = new Fake()
    expect(fake.loop.state).toMatchObject({ coverage: 'rescanning', lastProof: undefined })
    expect(await fake.next()).toBe('all')
    expect(fake.taken()).toEqual(['begin', 'settle', 'run all', 'end'])
    expect(fake.loop.state).toEqual({
      coverage: 'live',
      reason: undefined,
      directories: 3,
      lagMs: 0,
      lastProof: 'now',
    })
  })

  it('then what was touched, once', async () => {
    const fake = new Fake()
    await fake.next()
    fake.taken()
    fake.touch('a', 'x')
    fake.touch('b')
    expect(fake.loop.state.lagMs).toBeGreaterThanOrEqual(0)
    expect(await fake.next()).toBe('touched')
    expect(fake.taken()).toEqual(['settle', 'run ab'])
    fake.touch('c', 'x')
    expect(await fake.next()).toBe('touched')
    expect(fake.taken()).toEqual(['settle', 'run c'])
  })

  it('keeps what is touched during a run for the next one', async () => {
    const fake = new Fake()
    fake.onRun = () => fake.touch('a')
    await fake.next()
    fake.onRun = () => {}
    expect(await fake.next()).toBe('touched')
    expect(fake.taken()).toContain('run a')
  })

  it('is woken by what is touched', async () => {
    const fake = new Fake()
    await fake.next()
    const next = fake.next()
    fake.touch('a')
    expect(await next).toBe('touched')
  })

  it('W06: does not hear of the caller’s own files', async () => {
    const fake = new Fake()
    await fake.next()
    fake.touch('', 'log')
    fake.touch('a', 'log')
    await fake.next()
    expect(fake.taken()).toContain('run a')
  })

  it.each([
    ['W01: after a burst', (fake: Fake) => Array.from({ length: 50 }, () => fake.touch('a', 'x'))],
    ['after a change of an ignore file', (fake: Fake) => fake.touch('a', '.ignored')],
  ])('compares all %s', async (_, happens) => {
    const fake = new Fake({ ignoreFile: '.ignored' })
    await fake.next()
    happens(fake)
    expect(fake.loop.state.coverage).toBe('rescanning')
    expect(await fake.next()).toBe('all')
  })

  it('compares all where a file has other names, after the run that found it', async () => {
    const fake = new Fake()
    await fake.next()
    fake.onRun = watching => watching.meetsLinks()
    fake.touch('a')
    expect(await fake.next()).toBe('touched')
    fake.onRun = () => {}
    expect(await fake.next()).toBe('all')
  })
})

describe('a root', () => {
  it('W04: that was refused is waited for; what was watched there is watched no more', async () => {
    const fake = new Fake()
    fake.exits.push(0, 26, 26)
    await fake.next()
    fake.taken()
    fake.touch('a')
    expect(await fake.next()).toBe('touched')
    expect(fake.taken()).toEqual(['settle', 'run a', 'begin', 'end'])
    expect(fake.loop.state).toMatchObject({
      coverage: 'waiting',
      reason: 'nothing is mirrored until this is mended: it was 26',
    })
    // Not what was touched: all, and at the next change of the folder at once.
    fake.touch('a')
    fake.folder = '1:2'
    expect(await fake.next()).toBe('all')
    expect(fake.loop.state.coverage).toBe('waiting')
    fake.folder = '1:1'
    expect(await fake.next()).toBe('all')
    expect(fake.loop.state.coverage).toBe('live')
    expect(fake.states.map(({ coverage }) => coverage)).toEqual(['rescanning', 'live', 'waiting', 'live'])
  })

  it('that is another folder has all compared, though nothing told of it', async () => {
    const fake = new Fake()
    await fake.next()
    fake.folder = '1:2'
    expect(await fake.next()).toBe('all')
  })
})

describe('a run', () => {
  it.each([
    [23, true],
    [24, true],
    [25, true],
    [11, false],
    [27, false],
  ] as const)('of all that ended with %i has walked all of the source: %j', async (exitCode, isWhole) => {
    const fake = new Fake()
    fake.exits.push(exitCode)
    await fake.next()
    expect(fake.taken().includes('end')).toBe(isWhole)
    expect(fake.loop.state.lastProof).toBeUndefined()
  })

  it('that cannot watch all says so once', async () => {
    const fake = new Fake(
      { ignoreFile: '.ignored' },
      {},
      { code: 'watches', shownPath: 'a', detail: 'ENOSPC' },
    )
    await fake.next()
    fake.touch('a')
    await fake.next()
    // Another walk finds it anew.
    fake.touch('a', '.ignored')
    expect(await fake.next()).toBe('all')
    expect(fake.states.map(({ coverage }) => coverage)).toEqual(['rescanning', 'degraded'])
    expect(fake.states[1]?.reason).toContain('fs.inotify.max_user_watches')
  })

  it('that throws ends the loop, and closes the watches', async () => {
    const fake = new Fake({}, { run: () => Promise.reject(new Error('no')) })
    await expect(fake.next()).rejects.toThrow('no')
    expect(fake.calls).toContain('close')
    expect(await fake.next()).toBeUndefined()
  })
})

it('ends by its signal, also while it waits', async () => {
  const fake = new Fake()
  await fake.next()
  const next = fake.next()
  fake.stop.abort()
  expect(await next).toBeUndefined()
  expect(fake.calls.at(-1)).toBe('close')
})

it('closes the watches when it is left', async () => {
  const fake = new Fake()
  await fake.next()
  await fake.end()
  expect(fake.calls.at(-1)).toBe('close')
})
