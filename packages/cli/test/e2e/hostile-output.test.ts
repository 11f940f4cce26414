/**
 * Names of enemies, with every kind of outcome and in every form of output: nothing that a terminal acts on comes out, and
 * no line that a name made up. The library is the real one, with faults planted in its trees.
 */
import * as fs from 'node:fs'
import * as path from 'node:path'
import type { SyncOptions } from '@facsimile/core'
import { describe, expect, it } from 'vitest'
import { SyncError as BuiltError, syncWith } from '../../../../test/support/core.mjs'
import { type Fault, faulty } from '../../../../test/support/faulty.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { type EntryLiteral, file, symlink } from '../../../../test/support/tree-literal.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { run } from '../../src/cli.js'
import { coreWith } from '../support/faulty-core.js'
import { fakeIo } from '../support/fake-io.js'

const temporary = useTemporaryDirectory()
const at = (...names: string[]): string => path.join(temporary.path, ...names)

const unsafe =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]/u

const forged = 'FORGED'
/** Each is put into a name of each outcome. */
const tails: readonly string[] = [
  `\n${forged}`,
  `\r2026-01-31T12:00:00.000Z end       exit 0 ${forged}`,
  `\n{"v":1,"type":"end","exitCode":0,"${forged}":1}`,
  `\u001b]0;${forged}\u0007\u001b[2J\u001b[31m`,
  '\u009b31m\u0085\u007f\b',
  '\u202egnp.exe\u2066\u200f\u061c\ufeff',
  '\u2028\u2029',
  ...(process.platform === 'linux' ? ['\udc9b\udcff'] : []),
  '"\\\' $(x) `x` %s %o',
  '__proto__',
]

function named(what: string, entry: (tail: string) => EntryLiteral): [string, EntryLiteral][] {
  return tails.map(tail => [`${what}${tail}`, entry(tail)])
}

function writeTrees(): void {
  const source = new Map<string, EntryLiteral>([
    ...named('create', () => 'c'),
    ...named('update', () => 'new content'),
    ...named('metadata', () => file('m', { mode: 0o600 })),
    ...named('replace', () => ({ in: 'r' })),
    ...named('link', tail => symlink(`to${tail}`)),
    ...named('unread', () => 'unread'),
    ...named('vanished', () => 'vanished'),
    ...named('refused', () => 'refused'),
    ...named('folder', () => ({ f: 'f' })),
  ])
  const replica = new Map<string, EntryLiteral>([
    ...named('update', () => 'old'),
    ...named('metadata', () => file('m', { mode: 0o644 })),
    ...named('replace', () => 'was a file'),
    ...named('delete', () => ({ deep: 'd' })),
    ...named('excluded', () => ({ 'x.keep': 'k' })),
  ])
  writeTree(at('source'), source)
  writeTree(at('replica'), replica)
}

const unread: Fault = { side: 'source', call: 'openFile', path: /^unread/, errno: 'EIO' }
const vanished: Fault = { side: 'source', call: 'openFile', path: /^vanished/, errno: 'ENOENT' }
const refused: Fault = { side: 'replica', call: 'rename', path: /^refused/, errno: 'EACCES' }
const full: Fault = { side: 'replica', call: 'handle.write', path: /./, nth: 3, errno: 'ENOSPC' }
const hole: Fault = { side: 'source', call: 'list', path: /^folder/, errno: 'EIO' }
const garbled: Fault = { side: 'replica', call: 'handle.write', garbles: true }
const defect: Fault = { side: 'replica', call: 'list', errno: 'EIO' }

type Told = { readonly code: number; readonly out: string; readonly err: string; readonly log: string }

async function tell(args: readonly string[], faults: readonly Fault[]): Promise<Told> {
  const io = fakeIo({ env: { XDG_STATE_HOME: at('state') } })
  const code = await run([...args, '--log', at('log')], io, { core: coreWith(faults) })
  const log = fs.existsSync(at('log')) ? fs.readFileSync(at('log'), 'utf8') : ''
  return { code, out: io.stdout.text, err: io.stderr.text, log }
}

function expectSafe({ out, err, log }: Told): void {
  for (const text of [out, err, log]) {
    expect(unsafe.exec(text)).toBeNull()
    // What a name holds stands within a line that is ours, never at the beginning of one.
    for (const line of text.split('\n')) expect(line).not.toMatch(/^(?:FORGED|\{"v":1,"type":"end".*FORGED)/)
  }
  for (const line of log.split('\n').slice(0, -1)) expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z \w+ /)
}

/** Every line that an error, its stack, its causes and its report's problems have. */
function saidBy(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return []
  const problems = error instanceof BuiltError ? (error.report?.problems ?? []) : []
  const messages = [error.message, ...problems.map(({ message }) => message)]
  return [...messages, ...(error.stack ?? '').split('\n'), ...saidBy(error.cause)]
}

const modes: readonly (readonly string[])[] = [[], ['--verbose'], ['--json'], ['--quiet']]

const folders = (): string[] => [at('source'), at('replica')]

describe.skipIf(process.platform === 'win32')('names of enemies', () => {
  it.each(modes.map(mode => [mode] as const))(
    'O01, O02: that are done, fail, vanish, are refused, withheld and protected (%j)',
    async mode => {
      writeTrees()
      const args = [...folders(), '--exclude', '*.keep', '--hash', 'sha256', ...mode]
      const told = await tell(args, [unread, vanished, refused, hole])
      expect(told.code).toBe(23)
      expectSafe(told)
      expect(told.log.split('\n').filter(line => / problem {3}/.test(line)).length).toBeGreaterThan(
        3 * tails.length,
      )
    },
  )

  it.each(modes.map(mode => [mode] as const))(
    'O01, O02: that are planned, compared, and deleted (%j)',
    async mode => {
      writeTrees()
      for (const args of [
        [...folders(), '--dry-run'],
        ['check', ...folders()],
        [...folders(), '--max-delete', '0'],
        folders(),
      ]) {
        const told = await tell([...args, ...mode], [])
        expect([0, 25, 28]).toContain(told.code)
        expectSafe(told)
      }
    },
  )

  it.each([
    ['full', [full], 11],
    ['verified', [garbled], 28],
    ['unreadable', [defect], 11],
  ] as const)('O01, O02: in a replica that is %s', async (_, faults, code) => {
    writeTrees()
    for (const mode of [[], ['--json']]) {
      const told = await tell([...folders(), '--verify', ...mode], faults)
      expect(told.code).toBe(code)
      expectSafe(told)
    }
  })

  it.each(tails)('O01, O02: of roots, logs, patterns and arguments: %j', async tail => {
    writeTree(temporary.path, new Map([[`source${tail}`, { f: 'f' }]]))
    const [source, replica] = [at(`source${tail}`), at(`replica${tail}`)]
    for (const args of [
      [source, replica],
      ['check', source, replica],
      [at(`none${tail}`), replica],
      [source, at(`source${tail}`, 'inside')],
      [source, replica, '--exclude', `/${tail}`],
      [source, replica, `more${tail}`],
      [source, replica, '--max-delete', tail],
      [source, replica, `--unknown${tail}`],
      [source, replica, '--log', at(`none${tail}`, 'log')],
    ]) {
      for (const mode of [[], ['--json']]) expectSafe(await tell([...args, ...mode], []))
    }
  })

  it('O01: in what a program sees of an error: its message, its stack, its causes', async () => {
    writeTrees()
    const tail = `\u001b]0;x\u0007\u009b\u202e\n${forged}`
    fs.mkdirSync(at(`no${tail}`), { mode: 0o500 })
    const failing: readonly [Partial<SyncOptions>, readonly Fault[]][] = [
      [{}, [unread]],
      [{}, [full]],
      [{ source: at(`none${tail}`) }, []],
      [{ replica: at(`none${tail}`, 'replica') }, []],
      [{ replica: at('source', `create${tails[0]}`, 'x') }, []],
      [{ exclude: [`/${tail}`] }, []],
      [{ compare: tail as 'content' }, []],
      [{ ownFiles: [at(`none${tail}`, 'log')] }, []],
      [{}, [{ side: 'replica', call: 'makeDirectory', errno: 'EIO' }]],
    ]
    for (const [options, faults] of failing) {
      const all = { source: at('source'), replica: at('replica'), concurrency: 1, stateFolder: at('state') }
      const thrown: unknown = await syncWith({ ...all, ...options }, faulty(faults).internals).catch(
        error => error,
      )
      expect(thrown).toBeInstanceOf(BuiltError)
      for (const text of saidBy(thrown)) {
        expect(unsafe.exec(text)).toBeNull()
        expect(text).not.toMatch(new RegExp(`^\\s*${forged}`))
      }
    }
  })

  it('O01: in what nobody caught, which ends with 1', async () => {
    const io = fakeIo()
    const evil = `ENOENT: no such file, open '\u001b[31m\n${forged}'`
    Object.defineProperty(io, 'env', {
      get: () => {
        throw new Error(evil)
      },
    })
    expect(await run([at('source'), at('replica')], io)).toBe(1)
    expect(io.stderr.text).toMatch(/^facsimile: internal error, [^\n]*\n$/)
    expect(unsafe.exec(io.stderr.text)).toBeNull()
  })
})
