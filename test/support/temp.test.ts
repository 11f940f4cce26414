import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { makeDeepTree } from './deep-tree.js'
import { hostileNames } from './hostile-names.js'
import { removeTree } from './remove-tree.js'
import { temporaryDirectory, useTemporaryDirectory } from './temp.js'
import { directory, fifo, symlink } from './tree-literal.js'
import { writeTree } from './write-tree.js'

const posix = process.platform !== 'win32'
const paths: string[] = []
const temporary = useTemporaryDirectory()

afterEach(() => {
  paths.push(temporary.path)
})

test('each test has its own', () => {
  writeFileSync(join(temporary.path, 'a'), '')
  expect(statSync(temporary.path).isDirectory()).toBe(true)
})

test('and the last one is gone', () => {
  expect(paths).toHaveLength(1)
  expect(paths.map(path => existsSync(path))).toEqual([false])
  expect(readdirSync(temporary.path)).toEqual([])
})

test('a second dispose does nothing', () => {
  const one = temporaryDirectory()
  one[Symbol.dispose]()
  one[Symbol.dispose]()
  expect(existsSync(one.path)).toBe(false)
})

test.runIf(process.platform === 'linux')('a tree 3,000 deep is removed', () => {
  const root = join(temporary.path, 'deep')
  makeDeepTree(root, 3000)
  const start = performance.now()
  removeTree(root)
  expect(performance.now() - start).toBeLessThan(5000)
  expect(existsSync(root)).toBe(false)
})

test.runIf(posix)('shut directories, odd names and FIFOs are removed', () => {
  const root = join(temporary.path, 'odd')
  const shut = {
    shut: directory({ inner: directory({ file: '' }, { mode: 0o111 }) }, { mode: 0 }),
    pipe: fifo(),
  }
  writeTree(root, { ...Object.fromEntries(hostileNames.map(name => [name, ''])), ...shut })
  chmodSync(root, 0)
  removeTree(root)
  expect(existsSync(root)).toBe(false)
})

test.runIf(posix)('links are removed and not followed', () => {
  const outside = join(temporary.path, 'outside')
  const root = join(temporary.path, 'root')
  writeTree(outside, { kept: 'kept' })
  writeTree(root, { link: symlink(outside) })
  removeTree(root)
  expect(readFileSync(join(outside, 'kept'), 'utf8')).toBe('kept')
  symlinkSync(outside, root)
  expect(() => removeTree(root)).toThrow('not a directory')
})

test('another place can be asked for', () => {
  const base = join(temporary.path, 'base')
  mkdirSync(base)
  const old = process.env['FACSIMILE_TEST_ROOT']
  process.env['FACSIMILE_TEST_ROOT'] = base
  try {
    using one = temporaryDirectory()
    expect(one.path.startsWith(join(base, 'facsimile-'))).toBe(true)
  } finally {
    if (old === undefined) delete process.env['FACSIMILE_TEST_ROOT']
    else process.env['FACSIMILE_TEST_ROOT'] = old
  }
})
