import { mkdirSync, readdirSync, realpathSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bytesOfText } from './byte-names.js'
import { makeDeepTree } from './deep-tree.js'
import { HeldDirectories } from './held-directories.js'
import { useTemporaryDirectory } from './temp.js'

const temporary = useTemporaryDirectory()
const linux = process.platform === 'linux'

function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length
}

test.runIf(linux)('however deep, few directories are held, and none afterwards', () => {
  makeDeepTree(temporary.path, 500)
  const before = openDescriptors()
  const at = new HeldDirectories(temporary.path)
  while (at.depth < 500) at.down(at.list()[0] ?? bytesOfText('nothing'))
  expect(at.list()).toEqual(['file'])
  expect(openDescriptors() - before).toBeLessThan(64)
  const { names } = at
  while (at.depth > 0) at.up()
  expect(at.list()).toEqual([names[0]])
  at.goTo(names.slice(0, 300))
  at.goTo([])
  at.close()
  expect(openDescriptors()).toBe(before)
})

test.runIf(linux)('a directory moved while one is below it is noticed', () => {
  makeDeepTree(temporary.path, 100)
  mkdirSync(join(temporary.path, 'aside'))
  const at = new HeldDirectories(temporary.path)
  const deep = new HeldDirectories(temporary.path)
  while (at.depth < 100) at.down(at.list().at(-1) ?? bytesOfText('nothing'))
  deep.goTo(at.names.slice(0, 49))
  renameSync(deep.at(at.names[49] ?? bytesOfText('')), join(temporary.path, 'aside', 'moved'))
  expect(() => at.goTo([])).toThrow('was moved while it was walked')
  at.close()
  deep.close()
})

test('the root may be given by a link', () => {
  mkdirSync(join(temporary.path, 'root', 'in it'), { recursive: true })
  symlinkSync(join(temporary.path, 'root'), join(temporary.path, 'link'), 'junction')
  const at = new HeldDirectories(join(temporary.path, 'link'))
  expect(at.list()).toEqual(['in it'])
  expect(realpathSync(at.here)).toBe(realpathSync(join(temporary.path, 'root')))
  at.close()
})

test.runIf(linux)('but no step below it goes through one', () => {
  mkdirSync(join(temporary.path, 'directory'))
  symlinkSync('directory', join(temporary.path, 'link'))
  writeFileSync(join(temporary.path, 'file'), '')
  const at = new HeldDirectories(temporary.path)
  for (const name of ['link', 'file']) expect(() => at.down(bytesOfText(name))).toThrow('ENOTDIR')
  at.close()
})
