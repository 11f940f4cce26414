/** Options that are refused: each says its name, what was expected, and what came. */
import { describe, expect, it } from 'vitest'
import { SyncError } from '../src/model/errors.js'
import type { SyncOptions } from '../src/options.js'
import { preserveAll } from '../src/model/preserve.js'
import { checkFolders, planSync } from '../src/sync-folders.js'
import { settingsForReading } from '../src/settings-for-reading.js'
import { settingsFrom } from '../src/settings-from.js'

type Given = Readonly<Record<string, unknown>>

const nothing = (): void => undefined

function refusal(given: unknown): SyncError {
  try {
    settingsFrom(given as SyncOptions)
  } catch (error) {
    if (error instanceof SyncError) return error
    throw error
  }
  throw new Error('it was not refused')
}

const path = 'the path of a folder or file, as text that is not empty'
const boolean = 'true or false'
const deletions = 'a whole number of entries, or a percentage from "0%" to "100%"'
const threads = '"auto", or a whole number from 1 to 256'
const hash = '"xxh64", a hash that node:crypto knows, or an object with name and create()'
const events = 'functions named plan, change, outcome, progress, problem'
const booleans = [
  'delete',
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
  'reject',
] as const

describe('is refused, with its name, what was expected, and what came', () => {
  it.each<[option: string, given: unknown, expected: string, found: string]>([
    ...(['source', 'replica', 'stateFolder'] as const).flatMap(
      (option): [string, unknown, string, string][] => [
        [option, '', path, '""'],
        [option, 5, path, '5'],
        [option, null, path, 'null'],
        [option, new URL('file:///x'), path, '"file:///x"'],
        [option, 'a\0b', 'a path without NUL', '"a\\u0000b"'],
      ],
    ),
    ['source', undefined, path, 'undefined'],
    ['replica', undefined, path, 'undefined'],
    ...(['include', 'exclude'] as const).flatMap((option): [string, unknown, string, string][] => [
      [option, 'a', 'a list', '"a"'],
      [option, null, 'a list', 'null'],
      [option, new Set(['a']), 'a list', '{}'],
      [option, [5], 'a glob that is not empty', '5'],
      [option, ['a', '../b'], 'a glob whose parts are names', '"../b"'],
      [option, Array<string>(10_001).fill('a'), 'at most 10000 globs', '10001'],
    ]),
    ['include', [], 'at least one glob, or none of the option', '[]'],
    ['filter', 'a', 'a function', '"a"'],
    ['filter', null, 'a function', 'null'],
    ['compare', 'size', '"metadata", "content", or a function', '"size"'],
    ['compare', true, '"metadata", "content", or a function', 'true'],
    ['compare', null, '"metadata", "content", or a function', 'null'],
    ['hasher', 'xxh3', hash, '"xxh3"'],
    ['hasher', '', hash, '""'],
    ['hasher', null, hash, 'null'],
    ['hasher', { name: 'mine' }, hash, '{"name":"mine"}'],
    ['hasher', { create: nothing }, hash, '{}'],
    ['hasher', nothing, hash, 'a function'],
    ...booleans.flatMap((option): [string, unknown, string, string][] => [
      [option, 'true', boolean, '"true"'],
      [option, 1, boolean, '1'],
      [option, 0, boolean, '0'],
      [option, null, boolean, 'null'],
    ]),
    ...[-1, 1.5, 2 ** 53, '5', '50', '101%', '-1%', '50 %', '1e1%', '%', '.5%', true, null, {}].map(
      (given): [string, unknown, string, string] => ['maxDelete', given, deletions, JSON.stringify(given)],
    ),
    ['maxDelete', Number.NaN, deletions, 'null'],
    ['maxDelete', 5n, deletions, '5n'],
    ...[0, -1, 257, 1.5, '4', 'all', null, true].map((given): [string, unknown, string, string] => [
      'concurrency',
      given,
      threads,
      JSON.stringify(given),
    ]),
    ['preserve', 'all', 'an object', '"all"'],
    ['preserve', null, 'an object', 'null'],
    ['preserve', [], 'an object', '[]'],
    ['preserve', { owners: false }, `any of ${Object.keys(preserveAll).join(', ')}`, '"owners"'],
    ['preserve', JSON.parse('{"__proto__":false}'), 'any of owner, mode', '"__proto__"'],
    ['preserve.mode', { mode: null }, boolean, 'null'],
    ['preserve.acls', { acls: 'no' }, boolean, '"no"'],
    ['preserve.times', { times: false }, 'true while compare is "metadata"', 'false'],
    ['links', 'copy', '"preserve", "follow" or "skip"', '"copy"'],
    ['links', null, '"preserve", "follow" or "skip"', 'null'],
    ['held', 'mmap', '"auto", "libc", "proc" or "paths"', '"mmap"'],
    ['held', null, '"auto", "libc", "proc" or "paths"', 'null'],
    ['ownFiles', 'log', 'a list', '"log"'],
    ['ownFiles', null, 'a list', 'null'],
    ['ownFiles', [''], path, '""'],
    ['ownFiles', ['x', 5], path, '5'],
    ['signal', new AbortController(), 'an AbortSignal', '{}'],
    ['signal', { aborted: false }, 'an AbortSignal', '{"aborted":false}'],
    ['signal', null, 'an AbortSignal', 'null'],
    ['on', nothing, 'an object of functions', 'a function'],
    ['on', null, 'an object of functions', 'null'],
    ['on', { changes: nothing }, events, '"changes"'],
    ['on.plan', { plan: 5 }, 'a function', '5'],
    ['on.problem', { problem: null }, 'a function', 'null'],
  ])('%s: %o', (option, given, expected, found) => {
    const error = refusal({ source: 's', replica: 'r', [option.replace(/\..*/, '')]: given })
    expect(error).toMatchObject({ code: 'invalid-options', exitCode: 2 })
    expect(error.message).toContain(`option "${option}": expected ${expected}`)
    expect(error.message).toContain(`; found ${found}`)
  })

  it.each([undefined, null, 'x', 5, nothing])('options that are none: %s', given => {
    expect(refusal(given).message).toMatch(/^option "options": expected an object; found /)
  })

  it.each(['sources', 'Source', 'dry-run', '__proto__', 'constructor', ''])(
    'O04: an option that is not known: %j',
    name => {
      const given = Object.fromEntries([
        ['source', 's'],
        ['replica', 'r'],
        [name, true],
      ])
      expect(refusal(given).message).toBe(`option ${JSON.stringify(name)} is not known`)
    },
  )

  it('something that has no text', () => {
    const circular: Record<string, unknown> = {}
    circular['self'] = circular
    expect(refusal({ source: circular, replica: 'r' }).message).toContain('found [object Object]')
    expect(refusal({ source: Symbol('x'), replica: 'r' }).message).toContain('found Symbol(x)')
  })
})

describe('two options that contradict each other', () => {
  it.each<[given: Given, one: string, other: string]>([
    [{ delete: false, deleteExcluded: true }, 'deleteExcluded: true', 'delete: false'],
    [{ delete: false, maxDelete: 5 }, 'maxDelete', 'delete: false'],
    [{ delete: false, maxDelete: '0%' }, 'maxDelete', 'delete: false'],
    [{ wait: true, dryRun: true }, 'wait: true', 'dryRun: true'],
    [{ preserve: { suid: false, mode: false } }, 'preserve.suid: false', 'preserve.mode: false'],
    [{ preserve: { suid: false, xattrs: false } }, 'preserve.suid: false', 'preserve.xattrs: false'],
    [{ links: 'follow', preserve: { links: false } }, 'links: "follow"', 'preserve.links: false'],
    [{ durable: true, dryRun: true }, 'durable: true', 'dryRun: true'],
    [{ partial: true, dryRun: true }, 'partial: true', 'dryRun: true'],
    [{ bwlimit: 1, dryRun: true }, 'bwlimit', 'dryRun: true'],
    [{ held: 'libc', native: false }, 'held: "libc"', 'native: false'],
  ])('%o', (given, one, other) => {
    const error = refusal({ source: 's', replica: 'r', ...given })
    expect(error).toMatchObject({
      code: 'invalid-options',
      exitCode: 2,
      message: `options "${one}" and "${other}" contradict each other: leave one out`,
    })
  })

  it.each<[given: Given]>([
    [{ delete: false, deleteExcluded: false }],
    [{ delete: true, deleteExcluded: true, maxDelete: 0 }],
    [{ dryRun: true, verify: true }],
  ])('are not these: %o', given => {
    const settings = settingsFrom({ source: 's', replica: 'r', ...given })
    expect(settings.delete).toBe(given['delete'] ?? true)
  })
})

describe('options that have no effect where nothing is changed', () => {
  it.each([
    ['a plan', 'wait', true],
    ['a plan', 'durable', true],
    ['a plan', 'bwlimit', 4096],
    ['a plan', 'partial', true],
    ['a plan', 'backupDir', '/b'],
    ['a check', 'wait', true],
    ['a check', 'durable', true],
    ['a check', 'bwlimit', 4096],
    ['a check', 'partial', true],
    ['a check', 'backupDir', '/b'],
    ['a check', 'allowNewSource', true],
  ] as const)('O04: of %s: %s', async (what, option, value) => {
    const options: SyncOptions = { source: 's', replica: 'r', [option]: value }
    const run = what === 'a plan' ? planSync(options) : checkFolders(options)
    await expect(run).rejects.toMatchObject({
      code: 'invalid-options',
      exitCode: 2,
      message: `option "${option}${value === true ? ': true' : ''}" has no effect on ${what}, which changes nothing: leave it out`,
    })
  })

  it('others are taken, and nothing will be changed', () => {
    const given: SyncOptions = { source: 's', replica: 'r', allowNewSource: true }
    expect(settingsForReading(given, 'a plan')).toMatchObject({
      dryRun: true,
      allowNewSource: true,
    })
  })
})
