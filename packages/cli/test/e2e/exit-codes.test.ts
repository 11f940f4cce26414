/** Each way a call can end, and its exit code: 0 is none but success. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { compareTrees } from '../../../../test/support/compare-trees.js'
import type { Fault } from '../../../../test/support/faulty.js'
import { canMount, useMounts } from '../../../../test/support/mounts.js'
import { runProcess } from '../../../../test/support/run.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { run } from '../../src/cli.js'
import { coreWith } from '../support/faulty-core.js'
import { fakeIo } from '../support/fake-io.js'

const main = fileURLToPath(new URL('../../bundle/main.js', import.meta.url))
const temporary = useTemporaryDirectory()
const mounts = useMounts()
const at = (...names: string[]): string => path.join(temporary.path, ...names)
const folders = (): string[] => [at('source'), at('replica')]

function write(): void {
  writeTree(at('source'), { f: 'new content', d: { g: 'g' }, h: 'h' })
  writeTree(at('replica'), { f: 'old', gone: { x: 'x', y: 'y' }, 'x.keep': 'k' })
}

const grown: Fault = {
  side: 'source',
  call: 'handle.read',
  path: 'f',
  after: true,
  get race() {
    return [{ do: 'append', path: at('source', 'f'), content: 'x' } as const]
  },
}

type Row = readonly [what: string, code: number, args: readonly string[], faults?: readonly Fault[]]

const rows: readonly Row[] = [
  ['success', 0, []],
  ['a file that grows', 24, [], [grown]],
  ['a file that vanished', 24, [], [{ side: 'source', call: 'openFile', path: 'f', errno: 'ENOENT' }]],
  ['a file that is a link by now', 24, [], [{ side: 'source', call: 'openFile', path: 'f', errno: 'ELOOP' }]],
  ['a file that cannot be read', 23, [], [{ side: 'source', call: 'handle.read', path: 'f', errno: 'EIO' }]],
  ['a folder that cannot be listed', 23, [], [{ side: 'source', call: 'list', path: 'd', errno: 'EACCES' }]],
  [
    'a file that cannot be put in place',
    23,
    [],
    [{ side: 'replica', call: 'rename', path: 'f', errno: 'EPERM' }],
  ],
  [
    'what cannot be deleted',
    23,
    ['--no-renames'],
    [{ side: 'replica', call: 'unlink', path: 'gone/x', errno: 'EPERM' }],
  ],
  [
    'a time that cannot be set',
    23,
    [],
    [{ side: 'replica', call: 'handle.setMtime', path: 'd', errno: 'EACCES' }],
  ],
  ['no room', 11, [], [{ side: 'replica', call: 'handle.write', errno: 'ENOSPC' }]],
  ['no quota', 11, [], [{ side: 'replica', call: 'handle.write', errno: 'EDQUOT' }]],
  ['a replica that is read-only', 11, [], [{ side: 'replica', call: 'makeDirectory', errno: 'EROFS' }]],
  [
    'other bytes than were read',
    28,
    ['--verify'],
    [{ side: 'replica', call: 'handle.write', garbles: true }],
  ],
  ['what filters protect', 0, ['--exclude', '*.keep']],
  ['too many deletions', 25, ['--max-delete', '1']],
  ['an option nobody knows', 2, ['--deleet']],
  ['options that contradict', 2, ['--no-delete', '--delete-excluded']],
  ['one folder more', 2, ['third']],
]

describe.skipIf(process.platform === 'win32')('a sync ends', () => {
  it.each(rows.map(([what, code, args, faults = []]) => [what, code, args, faults] as const))(
    'O09: with %s: %i, and with 0 only if the folders are equal',
    async (what, code, args, faults) => {
      write()
      const io = fakeIo({ env: { XDG_STATE_HOME: at('state') } })
      const told = await run([...folders(), ...args], io, { core: coreWith(faults) })
      expect([what, told]).toEqual([what, code])
      const ignore = (name: string): boolean => args.includes('--exclude') && name.endsWith('.keep')
      const equal = compareTrees(at('source'), at('replica'), { ignore, times: !args.includes('--exclude') })
      expect(equal.length === 0).toBe(code === 0)
      // Whatever is not 0 is said, in one line at least.
      expect(io.stderr.text === '').toBe(code === 0)
    },
  )

  it.each<[string, () => string[]]>([
    ['a source that is missing', () => [at('none'), at('replica')]],
    ['a source that is a file', () => [at('source', 'f'), at('replica')]],
    ['a source that is empty', () => [at('source', 'empty'), at('replica')]],
    ['one folder for both', () => [at('source'), at('source', 'd', '..')]],
    ['a replica in the source', () => [at('source'), at('source', 'd')]],
    ['a source in the replica', () => [at('source', 'd'), at('source')]],
  ])('O09: with %s: 26, and nothing is touched', async (_, args) => {
    write()
    fs.mkdirSync(at('source', 'empty'))
    const before = compareTrees(at('source'), at('replica')).length
    expect(await run(args(), fakeIo(), { core: coreWith([]) })).toBe(26)
    expect(compareTrees(at('source'), at('replica')).length).toBe(before)
  })

  it('O09: a check of folders that differ with 28, in a pipeline of the shell, too', async () => {
    write()
    const shell = `set -o pipefail; "$0" "$1" check source replica | cat >/dev/null; echo "ended with $?"`
    const told = await runProcess('bash', ['-c', shell, process.execPath, main], { cwd: temporary.path })
    expect(told.stdout).toBe('ended with 28\n')
  })
})

describe.skipIf(process.platform === 'win32')('messages', () => {
  it('O08: hold paths, and nothing of the environment, from whatever folder it is called', async () => {
    write()
    fs.mkdirSync(at('elsewhere'))
    const secret = 'hunter2-and-more'
    const env = { PASSWORD: secret, AWS_SECRET_ACCESS_KEY: secret, XDG_STATE_HOME: at('state') }
    for (const args of [
      ['../source', '../replica', '-v', '--log', 'log'],
      ['../none', '../replica', '--json'],
      ['--help'],
      ['../source', '../replica', '--log', '../replica/log'],
    ]) {
      const told = await runProcess(process.execPath, [main, ...args], { cwd: at('elsewhere'), env })
      expect(told.stdout + told.stderr).not.toContain(secret)
    }
    const log = fs.readFileSync(at('elsewhere', 'log'), 'utf8')
    expect(log).not.toContain(secret)
    expect(log).toContain(` sync ${at('source')} to ${at('replica')}\n`)
  })
})

describe.runIf(canMount)('a disk for the log alone (needs mount)', () => {
  it('O03: that is full does not stop the run; lost lines are said, and end with 23', async () => {
    writeTree(
      at('source'),
      new Map(Array.from({ length: 300 }, (_, number) => [`file-${number}`, ''] as const)),
    )
    fs.mkdirSync(at('small'))
    mounts.tmpfs(at('small'), 'size=8k')
    const args = [main, ...folders(), '--log', at('small', 'log')]
    const told = await runProcess(process.execPath, args, { env: { XDG_STATE_HOME: at('state') } })
    expect([told.code, told.stderr]).toEqual([
      23,
      expect.stringMatching(/^facsimile: lines of the log .* were lost: no space left \(ENOSPC\)[^\n]*\n$/),
    ])
    expect(compareTrees(at('source'), at('replica'))).toEqual([])
  })
})

describe.skipIf(process.platform === 'win32')('a reader', () => {
  it('O03: that reads nothing for a while, and then goes away, stops nothing', async () => {
    writeTree(
      at('source'),
      new Map(Array.from({ length: 2500 }, (_, number) => [`file-${number}`, ''] as const)),
    )
    const child = spawn(process.execPath, [main, ...folders()], { stdio: ['ignore', 'pipe', 'pipe'] })
    const ended = once(child, 'exit')
    child.stdout.pause()
    // The pipe is full when the run has told more than it holds; then nobody is there any more.
    await once(child.stdout, 'readable')
    child.stdout.destroy()
    expect(await ended).toEqual([0, null])
    expect(compareTrees(at('source'), at('replica'))).toEqual([])
  })
})
