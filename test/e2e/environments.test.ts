/** Odd surroundings: each gives a working run or a clear error, and never a crash. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { canStrace } from '../support/can-strace.js'
import { compareTrees } from '../support/compare-trees.js'
import { isRoot } from '../support/entry-kind.js'
import { useFolders } from '../support/mirror.js'
import { canMount } from '../support/mounts.js'
import { runProcess, type RunResult } from '../support/run.js'
import { directory, file, hardLink, symlink } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const main = fileURLToPath(new URL('../../packages/cli/bundle/main.js', import.meta.url))
const folders = useFolders()
const isLinux = process.platform === 'linux'
const node = process.execPath

type How = {
  readonly nodeFlags?: readonly string[]
  readonly flags?: readonly string[]
  readonly node?: string
}

/** Runs the command by a shell, in which `"$@"` is all of it. */
async function inShell(script: string, env: NodeJS.ProcessEnv = {}, how: How = {}): Promise<RunResult> {
  writeTree(folders.source, {
    a: 'a',
    d: { b: file('b', { mode: 0o640 }), deep: directory({ c: 'c' }, { mode: 0o700 }) },
    l: symlink('a'),
    a2: hardLink('a'),
    large: Buffer.alloc(200_000, 'large'),
  })
  writeTree(folders.replica, { old: { x: 'x' }, a: 'older' })
  const command = [how.node ?? node, ...(how.nodeFlags ?? []), main, folders.source, folders.replica]
  return await runProcess('sh', ['-c', script, 'sh', ...command, ...(how.flags ?? [])], {
    cwd: folders.path,
    env: { XDG_STATE_HOME: undefined, HOME: folders.path, ...env },
  })
}

function expectMirrored(result: RunResult): void {
  expect([result.code, result.stderr]).toEqual([0, ''])
  expect(compareTrees(folders.source, folders.replica)).toEqual([])
}

describe.skipIf(!isLinux).each([
  ['with the C library', '1'],
  ['by plain Node', '0'],
])('%s,', (_how, native) => {
  const env = { FACSIMILE_NATIVE: native }

  it.skipIf(!canMount)('E01: without /proc it works by paths, and says so (needs mount)', async () => {
    const result = await inShell('exec unshare -m sh -c \'umount -l /proc && exec "$@"\' sh "$@"', env)
    expectMirrored(result)
    expect(result.stdout).toContain('races (without /proc')
  })

  it('E02: no helper program is needed, and no variable of the environment', async () => {
    expectMirrored(await inShell(`exec /usr/bin/env -i FACSIMILE_NATIVE=${native} "$@"`, env))
  })

  it('Z05: 64 descriptors are enough, in threads too', async () => {
    expectMirrored(await inShell('ulimit -n 64; exec "$@"', env, { flags: ['--concurrency', '4'] }))
  })

  it.skipIf(!isRoot)(
    'E04: root that may not give files away says what it could not hold (needs root)',
    async () => {
      const result = await inShell('exec setpriv --bounding-set -chown --inh-caps -chown "$@"', env)
      expect([result.code, result.stderr]).toEqual([0, ''])
      expect(result.stdout).toContain('Not held: owner of')
      expect(compareTrees(folders.source, folders.replica)).toEqual([])
    },
  )

  it.skipIf(!isRoot)('E04: root of a user namespace holds what it can (needs root)', async () => {
    const result = await inShell('exec unshare -Ur "$@"', env)
    expect([result.code, result.stderr]).toEqual([0, ''])
    expect(compareTrees(folders.source, folders.replica, { owner: false })).toEqual([])
  })

  it('closed standard streams are no reason to fail', async () => {
    const result = await inShell('"$@" <&- >&- 2>&-; echo $?', env)
    expect(result.stdout).toBe('0\n')
    expect(compareTrees(folders.source, folders.replica)).toEqual([])
  })

  it('a working directory that is gone does not matter to absolute paths', async () => {
    expectMirrored(await inShell('mkdir gone && cd gone && rmdir ../gone && exec "$@"', env))
  })

  it('a home in which nothing can be made does not matter', async () => {
    expectMirrored(await inShell('exec "$@"', { ...env, HOME: '/proc' }))
  })

  it.skipIf(!canStrace)('E03: calls that a container forbids are done without (needs strace)', async () => {
    const calls = 'copy_file_range,statx,renameat2,openat2,io_uring_setup,flock'
    const trace = `-f -qq -o /dev/null -e trace=${calls} -e inject=${calls}:error=ENOSYS`
    const result = await inShell(`exec strace ${trace} "$@"`, env)
    expect(result.stderr).toMatch(/^facsimile: the file system of the replica cannot lock: [^\n]*\n$/)
    expectMirrored({ ...result, stderr: '' })
  })
})

describe.skipIf(!isRoot || !isLinux)('a user whom the system does not know', () => {
  it('may be without a home (needs root)', async () => {
    const script = `chown -R 4242:4242 source replica; unset HOME; exec setpriv --reuid 4242 --regid 4242 --clear-groups "$@"`
    const result = await inShell(script, { HOME: undefined })
    expect([result.code, result.stderr]).toEqual([0, ''])
  })
})

/** The flag that switches the permission model on, in a version of Node. */
const permissionFlag = (major: number): string => (major < 22 ? '--experimental-permission' : '--permission')

describe("E05: Node's permission model", () => {
  const flag = permissionFlag(Number(process.versions.node.split('.')[0]))
  const everything = ['--allow-fs-read=*', '--allow-fs-write=*', '--allow-addons', '--allow-worker']

  it.each([
    ['reading only', everything.slice(0, 1)],
    ['all there is', everything],
  ])('that allows %s is named, and nothing is touched', async (_what, allowed) => {
    const result = await inShell('exec "$@"', {}, { nodeFlags: [flag, '--no-warnings', ...allowed] })
    const said = expect.stringMatching(/^facsimile: Node's permission model forbids [^\n]*\n$/)
    expect([result.code, result.stderr]).toEqual([2, said])
    expect(existsSync(join(folders.replica, 'old/x'))).toBe(true)
  })
})

/** The binaries that FACSIMILE_NODES lists, like PATH, by the major version they say they are. */
const others = new Map(
  (process.env['FACSIMILE_NODES'] ?? '')
    .split(delimiter)
    .filter(binary => binary !== '')
    .map(binary => [String(spawnSync(binary, ['--version']).stdout).split('.')[0], binary]),
)

describe('other versions of Node', () => {
  for (const major of ['v22', 'v24']) {
    it.skipIf(!others.has(major))(`E06: Node ${major} mirrors alike (needs FACSIMILE_NODES)`, async () => {
      const other = others.get(major) ?? ''
      expectMirrored(await inShell('exec "$@"', {}, { node: other }))
      const nodeFlags = ['--permission', '--allow-fs-read=*']
      const refused = await inShell('exec "$@"', {}, { node: other, nodeFlags })
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("Node's permission model")])
    })
  }
})

describe.skipIf(!canMount)(
  'E08: a source that is mounted by bind in a namespace of its own (needs mount)',
  () => {
    it('is mirrored as what it is', async () => {
      const bind = 'mkdir bound && mount --bind source bound && shift 3 && exec'
      const result = await inShell(
        `export NODE="$1" MAIN="$2"; exec unshare -m sh -c '${bind} "$NODE" "$MAIN" bound "$@"' sh "$@"`,
      )
      expectMirrored(result)
      expect(readFileSync(join(folders.replica, 'a'), 'utf8')).toBe('a')
    })
  },
)
