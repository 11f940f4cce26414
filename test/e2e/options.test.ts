/** Options from careless and from hostile hands: refused with one sentence, or without influence. Nothing is touched. */
import { join } from 'node:path'
import type { SyncOptions } from '@facsimile/core'
import { afterEach, describe, expect, it } from 'vitest'
import { SyncError, syncWith } from '../support/core.mjs'
import { expectEqualTrees } from '../support/compare-trees.js'
import { settings, useFolders } from '../support/mirror.js'
import { readTree } from '../support/read-tree.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()

function given(more: object = {}): SyncOptions {
  const { source, replica, path } = folders
  return { source, replica, stateFolder: join(path, 'state'), concurrency: 1, ...more }
}

async function rejection(options: SyncOptions): Promise<unknown> {
  return await syncWith(options, {}).then(
    () => undefined,
    (error: unknown) => error,
  )
}

const planted = ['delete', 'deleteExcluded', 'allowEmptySource', 'dryRun', 'exclude', 'plan', 'owner']
afterEach(() => {
  for (const name of planted) Reflect.deleteProperty(Object.prototype, name)
})

const large = 'x'.repeat(10_000_000)
const circular: unknown[] = []
circular.push(circular)

describe('options', () => {
  it.each<[string, () => object]>([
    ['an own __proto__', () => JSON.parse('{"__proto__": {"delete": false}}')],
    ['a constructor', () => ({ constructor: { prototype: { delete: false } } })],
    ['an own __proto__ of preserve', () => ({ preserve: JSON.parse('{"__proto__": {"owner": false}}') })],
    ['an own __proto__ of on', () => ({ on: JSON.parse('{"__proto__": {"plan": 1}}') })],
    ['a key like one of ours', () => ({ Delete: false, dryrun: true })],
    ['a key of 10 MB', () => ({ [large]: 1 })],
    ['a value of 10 MB', () => ({ compare: large })],
    ['a pattern of 10 MB', () => ({ exclude: [large] })],
    ['a million patterns', () => ({ exclude: Array.from({ length: 1_000_000 }, () => 'a') })],
    ['a pattern in a circle', () => ({ include: circular })],
    ['a list with holes', () => ({ exclude: Array.from({ length: 3 }) })],
    ['a number beyond all', () => ({ maxDelete: Number('1e309') })],
    ['a text with controls', () => ({ compare: '\u001b[31m\u009b\u202e\nFORGED' })],
  ])('O04: %s: refused in one short line (2), and nothing is touched', async (_, more) => {
    writeTree(folders.source, { f: 'f' })
    writeTree(folders.replica, { old: 'old' })
    const error = await rejection(given(more()))
    expect(error).toBeInstanceOf(SyncError)
    expect(error).toMatchObject({ code: 'invalid-options', exitCode: 2 })
    const { message } = error as SyncError
    expect(message.length).toBeLessThan(700)
    expect(message).toMatch(/^option/)
    expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/)
    expect(Object.keys(readTree(folders.replica))).toEqual(['.', 'old'])
  })

  it('O04: a getter that throws is what the call rejects with, and nothing is touched', async () => {
    writeTree(folders.source, { f: 'f' })
    const own = new Error('mine')
    const options = given()
    Object.defineProperty(options, 'exclude', {
      enumerable: true,
      get: () => {
        throw own
      },
    })
    expect(await rejection(options)).toBe(own)
    expect(Object.keys(readTree(folders.path)).some(path => path.startsWith('replica'))).toBe(false)
  })

  it('O04: what other code planted in the prototype of all objects is no option', async () => {
    writeTree(folders.source, { f: 'f', 'x.o': 'x' })
    writeTree(folders.replica, { old: 'old' })
    const values: Readonly<Record<string, unknown>> = {
      delete: false,
      deleteExcluded: true,
      allowEmptySource: true,
      dryRun: true,
      exclude: ['*.o'],
      plan: 'no function',
      owner: false,
    }
    for (const name of planted) {
      Reflect.defineProperty(Object.prototype, name, { configurable: true, value: values[name] })
    }
    const report = await syncWith(given({ on: {} }), {})
    expect(report.exitCode).toBe(0)
    for (const name of planted) Reflect.deleteProperty(Object.prototype, name)
    expectEqualTrees(folders.source, folders.replica)
  })

  it('O10: may be frozen, and what is changed in them after the call has no influence', async () => {
    writeTree(folders.source, { f: 'f', 'x.o': 'x' })
    const frozen = Object.freeze(
      given({ exclude: Object.freeze(['*.o']), preserve: Object.freeze({}), on: Object.freeze({}) }),
    )
    expect((await syncWith(frozen, {})).exitCode).toBe(0)
    const exclude = ['*.o']
    const preserve = { times: true }
    const changing = { ...given(), exclude, preserve }
    const running = syncWith(changing, {})
    exclude.length = 0
    preserve.times = false
    Object.assign(changing, { source: '/nowhere', delete: false, dryRun: true })
    expect((await running).exitCode).toBe(0)
    expect(Object.keys(readTree(folders.replica))).toEqual(['.', 'f'])
  })

  it.each(settings)(
    'O10: two runs at once, each of its own folders and options ($held, $concurrency)',
    async ({ held, concurrency }) => {
      writeTree(folders.path, {
        one: { f: 'one', 'x.o': 'x' },
        two: { f: 'two', 'x.o': 'x' },
        'one replica': { old: 'old' },
        'two replica': { old: 'old' },
      })
      const at = (name: string): string => join(folders.path, name)
      const base = { held, concurrency, stateFolder: at('state') }
      const [one, two] = await Promise.all([
        syncWith({ ...base, source: at('one'), replica: at('one replica'), exclude: ['*.o'] }, {}),
        syncWith({ ...base, source: at('two'), replica: at('two replica'), delete: false }, {}),
      ])
      expect([one.exitCode, two.exitCode]).toEqual([0, 0])
      expect(Object.keys(readTree(at('one replica')))).toEqual(['.', 'f'])
      expect(Object.keys(readTree(at('two replica')))).toEqual(['.', 'f', 'old', 'x.o'])
    },
  )
})

describe('an error', () => {
  it('O01: of the system that holds a raw name is one line, in its causes and stacks too', () => {
    const raw = "ENOENT: no such file, open '\u001b[31m\nFORGED \u202e'"
    const cause = Object.assign(new Error(raw), { syscall: 'open', code: 'ENOENT' })
    const error = new SyncError('internal', 1, `internal error: ${raw}`, { cause })
    for (const text of [error.message, cause.message]) expect(text).not.toMatch(/[\u0000-\u001f\u202e]/)
    for (const text of [error.stack, cause.stack]) {
      expect(text).toContain('FORGED')
      expect(text).not.toMatch(/\u001b|\u202e|^FORGED/m)
    }
    expect(error.cause).toBe(cause)
  })

  it('O01: of the caller is left as it is', () => {
    const cause = new Error('two\nlines')
    expect(new SyncError('aborted', 130, 'x', { cause }).cause).toBe(cause)
    expect(cause.message).toBe('two\nlines')
  })
})
