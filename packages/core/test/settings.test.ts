import { availableParallelism, homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { preserveAll } from '../src/model/preserve.js'
import { settingsFrom } from '../src/settings-from.js'
import type { Settings } from '../src/settings.js'

type Given = Readonly<Record<string, unknown>>

function settings(given: Given = {}): Settings {
  return settingsFrom({ source: 's', replica: 'r', ...given })
}

const nothing = (): void => undefined
const hasher = { name: 'mine', create: () => ({ update: nothing, digest: () => '' }) }

describe('defaults', () => {
  it('are these', () => {
    expect(settings()).toEqual({
      source: resolve('s'),
      replica: resolve('r'),
      include: [{ glob: '**', anyDepth: true, directoriesOnly: false }],
      exclude: [],
      rules: [],
      files: undefined,
      ignoreFile: undefined,
      limits: undefined,
      filter: undefined,
      compare: 'metadata',
      hasher: undefined,
      hashMemory: true,
      scrub: undefined,
      delete: true,
      deleteExcluded: false,
      maxDelete: undefined,
      renames: true,
      movesDirectories: true,
      allowEmptySource: false,
      allowNewSource: false,
      allowSystemReplica: false,
      oneFileSystem: false,
      links: 'preserve',
      preserve: preserveAll,
      verify: false,
      wait: false,
      durable: false,
      bwlimit: undefined,
      backupDir: undefined,
      keep: undefined,
      partial: false,
      dryRun: false,
      strict: false,
      concurrency: {
        first: Math.min(8, availableParallelism()),
        most: availableParallelism() === 1 ? 1 : 16,
      },
      callerHelps: false,
      held: 'auto',
      native: true,
      ownFiles: [],
      stateFolder: join(homedir(), '.local', 'state', 'facsimile'),
      signal: undefined,
      on: {},
      reject: true,
    })
  })

  it('stand for what is given as undefined', () => {
    const made = ['source', 'replica', 'limits', 'movesDirectories']
    const names = Object.keys(settings()).filter(name => !made.includes(name))
    const limits = ['minSize', 'maxSize', 'newer', 'older']
    const given = Object.fromEntries([...names, ...limits].map(name => [name, undefined]))
    expect(settings(given)).toEqual(settings())
  })
})

describe('what is given', () => {
  const { signal } = new AbortController()
  it.each<[option: keyof Settings, given: unknown, setting: unknown]>([
    ['source', '/a/b/', '/a/b'],
    ['source', 'a/../b', join(process.cwd(), 'a') + '/../b'],
    ['replica', '/a/../b//', '/a/../b'],
    ['replica', 'a//./b/', resolve('a/b')],
    ['replica', './x', resolve('x')],
    [
      'include',
      ['a/b', './c/'],
      [
        { glob: 'a/b', anyDepth: false, directoriesOnly: false },
        { glob: 'c', anyDepth: false, directoriesOnly: true },
      ],
    ],
    ['exclude', ['*.log'], [{ glob: '*.log', anyDepth: true, directoriesOnly: false }]],
    ['filter', nothing, nothing],
    ['compare', 'content', 'content'],
    ['compare', nothing, nothing],
    ['hasher', 'xxh64', 'xxh64'],
    ['hasher', 'sha512', 'sha512'],
    ['hasher', hasher, hasher],
    ['maxDelete', 0, { unit: 'entries', limit: 0 }],
    ['maxDelete', 5000, { unit: 'entries', limit: 5000 }],
    ['maxDelete', '0%', { unit: 'percent', limit: 0 }],
    ['maxDelete', '12.5%', { unit: 'percent', limit: 12.5 }],
    ['maxDelete', '100%', { unit: 'percent', limit: 100 }],
    ['concurrency', 1, { first: 1, most: 1 }],
    ['concurrency', 256, { first: 256, most: 256 }],
    ['bwlimit', 1, 1],
    ['bwlimit', 10_000_000, 10_000_000],
    ['held', 'paths', 'paths'],
    ['held', 'proc', 'proc'],
    ['held', 'libc', 'libc'],
    ['native', false, false],
    ['ownFiles', ['/var/log/x', 'y'], ['/var/log/x', resolve('y')]],
    ['stateFolder', '/state', '/state'],
    ['signal', signal, signal],
    ...(
      [
        'deleteExcluded',
        'allowEmptySource',
        'oneFileSystem',
        'verify',
        'wait',
        'durable',
        'partial',
        'dryRun',
        'strict',
        'callerHelps',
      ] as const
    ).map((option): [keyof Settings, unknown, unknown] => [option, true, true]),
    ['delete', false, false],
    ['reject', false, false],
  ])('as %s: %o', (option, given, setting) => {
    expect(settings({ [option]: given })[option]).toEqual(setting)
  })
})

describe('settings', () => {
  it('are frozen', () => {
    expect(Object.isFrozen(settings())).toBe(true)
    expect(() => Object.assign(settings(), { delete: false })).toThrow(TypeError)
  })

  it('O10: do not change with the options they were made from', () => {
    const include = ['a']
    const on: Record<string, () => void> = { plan: nothing }
    const options = {
      source: 's',
      replica: 'r',
      include,
      exclude: ['b'],
      ownFiles: ['log'],
      on,
      delete: true,
    }
    const made = settings(options)
    const before = structuredClone({ ...made, on: Object.keys(made.on) })
    include.push('c')
    options.exclude[0] = 'd'
    options.ownFiles.length = 0
    options.delete = false
    options.source = 'other'
    on['change'] = nothing
    delete on['plan']
    expect({ ...made, on: Object.keys(made.on) }).toEqual(before)
  })

  it('listen to the methods of an object of any class, as its methods', () => {
    class Listener {
      problem(): unknown {
        return this
      }
    }
    const listener = new Listener()
    const { on } = settings({ on: listener })
    expect(Object.keys(on)).toEqual(['problem'])
    expect((on.problem as (() => unknown) | undefined)?.()).toBe(listener)
  })
})
