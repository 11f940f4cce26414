/** The command as a process: what was built, on real folders. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readTree } from '../../../../test/support/read-tree.js'
import { ordinaryUser, runProcess, type RunOptions, type RunResult } from '../../../../test/support/run.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { file, symlink, type TreeLiteral } from '../../../../test/support/tree-literal.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { schemaErrors } from '../support/schema.js'

const main = fileURLToPath(new URL('../../bundle/main.js', import.meta.url))
const temporary = useTemporaryDirectory()
const at = (...names: string[]): string => path.join(temporary.path, ...names)
const isWindows = process.platform === 'win32'

/** Runs the command with the temporary directory as its working directory. */
function facsimile(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return runProcess(process.execPath, [main, ...args], { cwd: temporary.path, ...options })
}

/** The same by a shell, in which `$0` is Node and `$1` the command. */
function inShell(script: string): Promise<RunResult> {
  return runProcess('sh', ['-c', script, process.execPath, main], { cwd: temporary.path })
}

const later = file('new content', { mtime: '2021-02-03T04:05:06Z' })

const tree: TreeLiteral = {
  'a.txt': 'a',
  docs: { 'b.txt': 'b', deep: { 'c.txt': 'c' } },
  link: symlink('a.txt'),
  empty: {},
}

/** The same on a terminal, between two folders called as usual. */
function onTerminal(flags: string, env: Readonly<Record<string, string>> = {}): Promise<RunResult> {
  const command = `"${process.execPath}" "${main}" source replica ${flags}`
  return runProcess('script', ['-qec', command, '/dev/null'], {
    cwd: temporary.path,
    env: { TERM: 'xterm', NO_COLOR: undefined, FORCE_COLOR: undefined, ...env },
  })
}

function changeLines(text: string): readonly string[] {
  return text.split('\n').filter(line => /^(create|update|metadata|replace|delete) /.test(line))
}

describe('a mirror', () => {
  it('equals the source, and the second run finds nothing to do', async () => {
    writeTree(at('source'), tree)
    writeTree(at('replica'), {
      'old.txt': 'old',
      'a.txt': later,
      docs: 'a file',
      empty: { full: { x: 'x' } },
    })
    const first = await facsimile(['source', 'replica'])
    expect([first.code, first.stderr]).toEqual([0, ''])
    expect(readTree(at('replica'))).toEqual(readTree(at('source')))
    const second = await facsimile(['source/', './replica'])
    expect(second.code).toBe(0)
    expect(changeLines(second.stdout)).toEqual([])
    expect(second.stdout).toContain('Nothing changed; ')
  })

  it('does what a dry run shows, line by line', async () => {
    writeTree(at('source'), tree)
    writeTree(at('replica'), { 'old.txt': 'old', gone: { deep: { x: 'x' }, y: 'y' }, 'a.txt': later })
    const before = readTree(at('replica'))
    const dry = await facsimile(['--dry-run', 'source', 'replica'])
    expect(dry.code).toBe(0)
    expect(readTree(at('replica'))).toEqual(before)
    const real = await facsimile(['source', 'replica'])
    expect(changeLines(dry.stdout).length).toBeGreaterThan(8)
    expect(changeLines(dry.stdout)).toEqual(changeLines(real.stdout))
    expect(readTree(at('replica'))).toEqual(readTree(at('source')))
  })

  it('is compared by check, which changes nothing', async () => {
    writeTree(at('source'), tree)
    writeTree(at('replica'), tree)
    expect((await facsimile(['check', 'source', 'replica'])).code).toBe(0)
    writeTree(at('replica'), { 'a.txt': later })
    const before = readTree(at('replica'))
    const differs = await facsimile(['check', 'source', 'replica'])
    expect(differs.code).toBe(28)
    expect(changeLines(differs.stdout)).toEqual(['update    a.txt'])
    expect(readTree(at('replica'))).toEqual(before)
  })

  it('can be of a folder called like a command or a flag', async () => {
    writeTree(at('check'), tree)
    expect((await facsimile(['--', 'check', '--json'])).code).toBe(0)
    expect(readTree(at('--json'))).toEqual(readTree(at('check')))
  })

  it('runs when a start script imports it', async () => {
    writeTree(at('source'), tree)
    const script = `process.argv = [process.execPath, 'main', 'source', 'replica']; await import(process.env.MAIN)`
    const started = await runProcess(process.execPath, ['--input-type=module', '-e', script], {
      cwd: temporary.path,
      env: { MAIN: new URL('../../bundle/main.js', import.meta.url).href },
    })
    expect(started.code).toBe(0)
    expect(readTree(at('replica'))).toEqual(readTree(at('source')))
  })
})

describe('what is refused', () => {
  it.each<[string[], number, string]>([
    [[], 2, 'two folders are expected'],
    [['source'], 2, "only 'source' was given"],
    [['source', 'replica', '--dri-run'], 2, 'did you mean --dry-run?'],
    [['source', 'replica', '--exclude', '-nv'], 2, '--exclude takes GLOB, and -nv follows'],
    [['source', 'replica', '-vl', '--no-delete'], 2, '--log takes FILE, and --no-delete follows'],
    [['source', 'replica', '-i', '0'], 2, '--interval takes minutes above 0'],
    [['source', 'replica', '-i', 'often'], 2, "and got 'often'"],
    [['source', 'replica', '--no-delete', '--delete-excluded'], 2, '--delete-excluded and --no-delete'],
    [['source', 'replica', '--hash', 'none'], 2, '--hash'],
    [['source', 'replica', '-l', 'none/log'], 2, 'its folder does not exist'],
    [['none', 'replica'], 26, 'does not exist'],
    [['source', 'source'], 26, 'the same folder'],
    [['source', 'source/inside'], 26, ''],
    [['empty', 'replica'], 26, '--allow-empty-source'],
    [['source', 'replica', '-l', 'replica/log'], 26, 'inside the replica'],
    [['source', 'replica', '-l', 'replica'], 26, 'is the replica or lies inside it'],
    [['source', 'new', '-l', './new'], 26, 'is the replica or lies inside it'],
    [['source', 'new', '-l', 'new/log'], 26, 'new/log'],
    [['source', 'new', '-n', '-l', 'new'], 26, 'is the replica or lies inside it'],
    [['check', 'source', 'new', '-l', 'new'], 26, 'is the replica or lies inside it'],
    [['source', 'replica', '--max-delete', '0'], 25, ''],
  ])('%j ends with %d, one sentence, and nothing touched', async (args, code, message) => {
    writeTree(at('source'), tree)
    writeTree(at('empty'), {})
    writeTree(at('replica'), { old: 'old' })
    const before = readTree(at('.'))
    const refused = await facsimile(args)
    expect([refused.code, refused.stdout]).toEqual([code, ''])
    expect(refused.stderr).toMatch(/^facsimile: [^\n]+\n$/)
    expect(refused.stderr).toContain(message)
    expect(readTree(at('.'))).toEqual(before)
  })

  it.skipIf(process.platform !== 'linux')(
    'is a name that is not UTF-8, which a link can stand for',
    async () => {
      writeTree(at('source'), tree)
      await inShell('mkdir "$(printf "rep\\377")" && ln -s "$(printf "rep\\377")" link')
      const before = fs.readdirSync(at('.'), 'latin1').sort()
      const refused = await inShell('exec "$0" "$1" source "$(printf "rep\\377")"')
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('is not UTF-8')])
      const inside = await inShell('cd "$(printf "rep\\377")" && exec "$0" "$1" ../source .')
      expect([inside.code, inside.stderr]).toEqual([2, expect.stringContaining('working directory')])
      const log = await inShell('exec "$0" "$1" source replica -l "$(printf "log\\377")"')
      expect(log.code).toBe(2)
      expect(fs.readdirSync(at('.'), 'latin1').sort()).toEqual(before)
      expect((await facsimile(['source', 'link'])).code).toBe(0)
      expect(fs.readdirSync(at('link')).sort()).toEqual(fs.readdirSync(at('source')).sort())
    },
  )

  it.skipIf(isWindows)('R14: is a working directory that is gone', async () => {
    const gone = await inShell('mkdir x && cd x && rmdir ../x && exec "$0" "$1" a b')
    expect(gone.code).toBe(2)
    expect(gone.stderr).toMatch(/^facsimile: .*working directory.*\n$/)
  })
})

describe('the log', () => {
  it('tells every entry, those inside a removed directory too, run after run', async () => {
    writeTree(at('source'), { 'a.txt': 'a' })
    const more = new Map([['line\nbreak', 'x']])
    writeTree(at('replica'), { gone: { deep: { x: 'x' }, y: 'y' }, evil: more })
    const args = ['-s', 'source', '-d', 'replica', '-l', 'log']
    expect((await facsimile(args)).code).toBe(0)
    expect((await facsimile(args)).code).toBe(0)
    const lines = fs.readFileSync(at('log'), 'utf8').trimEnd().split('\n')
    for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \w+ /)
    const told = lines.map(line => line.replace(/^\S+ /, '').replace(/ {2,}/, ' '))
    expect(told.filter(line => /^(create|delete) /.test(line)).sort()).toEqual([
      'create a.txt',
      'delete evil/',
      'delete evil/line\\nbreak',
      'delete gone/',
      'delete gone/deep/',
      'delete gone/deep/x',
      'delete gone/y',
    ])
    expect(told.filter(line => line.startsWith('start '))).toHaveLength(2)
    expect(told.at(-1)).toMatch(/^end exit 0; nothing to do; 0 bytes, \d+ ms$/)
  })

  it('in the source is left out of the mirror, and said', async () => {
    writeTree(at('source'), tree)
    const logged = await facsimile(['source', 'replica', '--log', 'source/log'])
    expect(logged.code).toBe(0)
    expect(logged.stderr).toContain('left out of the mirror')
    expect(fs.existsSync(at('replica/log'))).toBe(false)
    expect(changeLines((await facsimile(['source', 'replica', '--log', 'source/log'])).stdout)).toEqual([])
  })

  it.skipIf(isWindows)(
    'O03: that cannot be written any more does not stop the run, which ends with 23',
    async () => {
      const empty = Array.from({ length: 200 }, (_, number) => [`file-${number}`, ''] as const)
      writeTree(at('source'), new Map(empty))
      const limited = await inShell('ulimit -f 1 && exec "$0" "$1" source replica --log log')
      expect(limited.code).toBe(23)
      expect(limited.stderr).toMatch(
        /^facsimile: lines of the log .* were lost: EFBIG[^\n]*\n(?:.* not in the history .*\n)?$/,
      )
      expect(readTree(at('replica'))).toEqual(readTree(at('source')))
    },
  )
})

describe('--json', () => {
  const evil = new Map([
    ['line\nbreak', 'x'],
    ['\u001b[31m', 'x'],
    ['__proto__', 'x'],
    ...(process.platform === 'linux' ? ([['not \udcff UTF-8', 'x']] as const) : []),
  ])

  it.each<[string[], number]>([
    [['source', 'replica', '--hash', 'sha256'], 0],
    [['source', 'replica', '--dry-run'], 0],
    [['check', 'source', 'replica'], 28],
    [['source', 'replica', '--max-delete', '0'], 25],
    [['none', 'replica'], 26],
    [['source', 'replica', '--no-delete', '--delete-excluded'], 2],
    [['source', 'replica', '--log', 'source/log'], 0],
  ])('of %j is as the schema says, line by line', async (args, code) => {
    writeTree(at('source'), isWindows ? tree : evil)
    writeTree(at('replica'), { old: { x: 'x' } })
    const told = await facsimile([...args, '--json'])
    expect([told.code, told.stderr]).toEqual([code, ''])
    expect(schemaErrors(told.stdout)).toEqual([])
    expect(told.stdout.trimEnd().split('\n').at(-1)).toContain(`"type":"end","exitCode":${code}`)
  })

  it.skipIf(isWindows)('tells what failed', async () => {
    writeTree(at('source'), { secret: file('x', { mode: 0 }) })
    fs.chmodSync(temporary.path, 0o777)
    const told = await facsimile(['source', 'replica', '--json'], { asUser: ordinaryUser })
    expect(told.code).toBe(23)
    expect(schemaErrors(told.stdout)).toEqual([])
    expect(told.stdout).toContain('"type":"problem"')
  })
})

describe.skipIf(isWindows)('stdout', () => {
  it('O03: that is closed early does not stop the run', async () => {
    const files = Array.from({ length: 1500 }, (_, number) => [`file-${number}`, 'x'] as const)
    writeTree(at('source'), new Map(files))
    const piped = await inShell('{ "$0" "$1" source replica; echo "ended with $?" >&2; } | head -1')
    expect(piped.stdout).toMatch(/^create {4}\S+\n$/)
    expect(piped.stderr).toBe('ended with 0\n')
    expect(readTree(at('replica'))).toEqual(readTree(at('source')))
  })

  it.skipIf(!fs.existsSync('/dev/full'))('O03: that is full is said once, and ends with 23', async () => {
    writeTree(at('source'), tree)
    for (const flags of ['', '--json']) {
      const full = await inShell(`exec "$0" "$1" source replica ${flags} > /dev/full`)
      expect([full.code, full.stderr]).toEqual([
        23,
        expect.stringMatching(/^facsimile: lines on stdout [^\n]*\n$/),
      ])
    }
    expect((await inShell('exec "$0" "$1" source replica --quiet > /dev/full')).code).toBe(0)
    expect(readTree(at('replica'))).toEqual(readTree(at('source')))
  })

  it('O03: that is read slowly gets everything', async () => {
    const files = Array.from({ length: 1500 }, (_, number) => [`file-${number}`, ''] as const)
    writeTree(at('source'), new Map(files))
    const slow = await inShell('"$0" "$1" source replica | while read -r line; do echo "$line"; done')
    expect(changeLines(slow.stdout)).toHaveLength(1501)
    expect(slow.stdout).toMatch(/The replica equals the source[^\n]*\n$/)
  })

  it('O01: cannot be made to act by names', async () => {
    const evil = new Map([
      ['\u001b]0;owned\u0007', 'x'],
      ['a\ncreate    forged', 'x'],
      ['\u009b31m', 'x'],
      ['\u202egnp.exe', 'x'],
    ])
    writeTree(at('source'), evil)
    const told = await facsimile(['source', 'replica', '-v'])
    expect(changeLines(told.stdout)).toHaveLength(5)
    expect(told.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
  })
})

describe.skipIf(process.platform !== 'linux' || !fs.existsSync('/usr/bin/script'))('on a terminal', () => {
  it('a live line shows how far it is, and is gone at the end', async () => {
    writeTree(at('source'), tree)
    const { stdout } = await onTerminal('')
    expect(stdout).toMatch(/\r(scanning|copying) {2}[^\r\n]*\u001b\[K/)
    expect(stdout.slice(stdout.lastIndexOf('\u001b[K'))).toMatch(/The replica equals the source/)
    expect(stdout).toContain('\u001b[32mcreate  \u001b[39m  a.txt')
  })

  it('colours and the live line can be switched off', async () => {
    writeTree(at('source'), tree)
    expect((await onTerminal('', { NO_COLOR: '1' })).stdout).not.toMatch(/\u001b\[\d+m/)
    expect((await onTerminal('--quiet')).stdout).toBe('')
  })
})
