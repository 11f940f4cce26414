import { Buffer } from 'node:buffer'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { bytesOf } from './byte-names.js'
import { rsyncDifferences } from './rsync.js'
import { readTraces } from './strace-calls.js'
import { type Traced, strace } from './strace.js'
import { useTemporaryDirectory } from './temp.js'
import { symlink } from './tree-literal.js'
import { writeTree } from './write-tree.js'

const temporary = useTemporaryDirectory()
let root = ''

beforeEach(() => {
  root = join(temporary.path, 'root')
  writeTree(root, { a: 'a', d: {} })
  mkdirSync(join(temporary.path, 'elsewhere'))
})

async function traced(script: string): Promise<Traced | null> {
  const prelude = `
    const fs = require('fs')
    const fd = fs.openSync('root', fs.constants.O_DIRECTORY)
    const at = name => Buffer.concat([Buffer.from('/proc/self/fd/' + fd + '/'), Buffer.from(name, 'latin1')])`
  const found = await strace(process.execPath, ['-e', prelude + script], {
    cwd: temporary.path,
    roots: [root],
  })
  if (found !== null && found.result.code !== 0) throw new Error(found.result.stderr)
  return found
}

function shown(found: Traced | null): readonly string[] | undefined {
  return found?.mutations.map(({ call, paths }) =>
    [call, ...paths.map(path => path.replace(root, 'root'))].join(' '),
  )
}

test('changes beneath a root are told, by whatever path', async context => {
  const found = await traced(`
    fs.writeFileSync(at('\\xff,"b">'), '')
    fs.renameSync(at('\\xff,"b">'), '../' + require('path').basename(process.cwd()) + '/root/c')
    process.chdir('root')
    fs.symlinkSync('/proc/self/fd/9/target', 'link')
    fs.lutimesSync('link', 1, 1)
    const file = fs.openSync('a', 'r')
    fs.fchmodSync(file, 0o600)
    fs.linkSync('a', at('b'))
    fs.rmdirSync(at('d'))
    fs.writeFileSync('../elsewhere/x', '')
    try { fs.mkdirSync(at('.')) } catch {}`)
  if (found === null) return context.skip()
  expect(shown(found)).toEqual([
    'openat root/\udcff,"b">',
    'rename root/\udcff,"b"> root/c',
    'symlink root/link',
    'utimensat root/link',
    'fchmod root/a',
    'link root/a root/b',
    'rmdir root/d',
    'mkdir root',
  ])
  expect(found.mutations.map(({ failed }) => failed)).toEqual([...Array<boolean>(7).fill(false), true])
})

test('reading is no change, and neither is a neighbour with a longer name', async context => {
  const found = await traced(`
    fs.readFileSync(at('a')); fs.readdirSync(at('.')); fs.statSync('root/d'); fs.mkdirSync('root2')`)
  if (found === null) return context.skip()
  expect(found.mutations).toEqual([])
})

test('other threads and other programs are followed', async context => {
  const found = await traced(`
    const { Worker } = require('worker_threads')
    const body = "require('fs').mkdirSync('/proc/self/fd/" + fd + "/by a thread')"
    new Worker(body, { eval: true }).on('exit', () => {
      require('child_process').execFileSync('mkdir', ['by a program'], { cwd: 'root' })
      fs.promises.writeFile(at('in the pool'), '')
    })`)
  if (found === null) return context.skip()
  expect(shown(found)).toEqual([
    'mkdir root/by a thread',
    'mkdir root/by a program',
    'openat root/in the pool',
  ])
})

function hex(text: string): string {
  return text.replaceAll(/./g, it => `\\x${it.charCodeAt(0).toString(16)}`)
}

test('a program can be killed at any of its calls', async context => {
  const script = "for (const name of ['x', 'y', 'z']) require('fs').mkdirSync('root/' + name)"
  const flags = ['-e', 'inject=mkdir:signal=KILL:when=2']
  const options = { cwd: temporary.path, roots: [root], flags }
  const found = await strace(process.execPath, ['-e', script], options)
  if (found === null) return context.skip()
  expect(found.result.signal).toBe('SIGKILL')
  expect(shown(found)).toEqual(['mkdir root/x', 'mkdir root/y'])
  expect(found.mutations.map(({ failed }) => failed)).toEqual([false, true])
  expect(readdirSync(root)).toEqual(['a', 'd', 'x'])
})

test('descriptors too deep for strace to name are followed by where they were opened', () => {
  const trace = [
    `1.0 openat(AT_FDCWD<${hex('/top')}>, "${hex('deep')}", O_RDONLY|O_DIRECTORY) = 5`,
    `1.1 mkdirat(5, "${hex('x')}", 0777) = 0`,
    `1.2 renameat2(5, "${hex('x')}", AT_FDCWD, "${hex('/proc/self/fd/5/y')}", 0) = -1 EEXIST (File exists)`,
    '1.3 +++ exited with 0 +++',
  ]
  const calls = readTraces([{ thread: 1, text: trace.join('\n') }], bytesOf(Buffer.from('/')))
  expect(calls.map(({ name, changed, failed }) => ({ name, changed, failed }))).toEqual([
    { name: 'mkdirat', changed: ['/top/deep/x'], failed: false },
    { name: 'renameat2', changed: ['/top/deep/x', '/top/deep/y'], failed: true },
  ])
  const unknown = [{ thread: 1, text: '1.0 fchmod(7, 0600) = 0' }]
  expect(() => readTraces(unknown, bytesOf(Buffer.from('/')))).toThrow('no path for descriptor 7')
})

test('rsync finds what differs', async context => {
  const replica = join(temporary.path, 'replica')
  writeTree(replica, { a: 'a', d: {} })
  const same = await rsyncDifferences(root, replica)
  if (same === null) return context.skip()
  expect(same).toEqual([])
  writeTree(root, { a: 'b' })
  writeTree(replica, { more: symlink('x') })
  expect(await rsyncDifferences(root, replica)).toEqual(['*deleting   more', '>fc........ a'])
})
