import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { fileSystemOf, mountsBelow, readMountTable } from '../../src/tree/mounts.js'
import { requireSameMounts } from '../../src/tree/same-roots.js'
import { canMount, useMounts } from '../../../../test/support/mounts.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { writeTree } from '../../../../test/support/write-tree.js'

vi.mock('node:fs', async importOriginal => {
  const original = await importOriginal<typeof fs>()
  return { ...original, readFileSync: vi.fn<typeof fs.readFileSync>(original.readFileSync) }
})

const temporary = useTemporaryDirectory()
const mounts = useMounts()
const linux = process.platform === 'linux'

it('nothing is mounted below an ordinary folder, or none', () => {
  writeTree(temporary.path, { d: {} })
  expect(mountsBelow(temporary.path)).toEqual([])
  expect(mountsBelow(join(temporary.path, 'none'))).toEqual([])
})

it.runIf(canMount)('a folder lies in the mount that is over it, also when it is still to be made', () => {
  const at = join(temporary.path, 'at')
  writeTree(at, {})
  const before = fileSystemOf(at)
  expect(before).not.toBe('')
  expect(fileSystemOf(join(at, 'new'))).toBe(before)
  mounts.tmpfs(at, 'size=8m,mode=0751')
  expect(fileSystemOf(join(at, 'new'))).toMatch(/ - tmpfs none .*mode=751/)
  expect(fileSystemOf(temporary.path)).toBe(before)
})

it.runIf(canMount)('what was read at one moment tells of that moment, and what is asked anew of now', () => {
  const at = join(temporary.path, 'at')
  writeTree(at, { below: {} })
  const table = readMountTable()
  const before = fileSystemOf(join(at, 'below'), table)
  mounts.tmpfs(join(at, 'below'), 'size=8m')
  expect([mountsBelow(at, table), fileSystemOf(join(at, 'below'), table)]).toEqual([[], before])
  expect(mountsBelow(at)).toEqual(['below'])
  expect(() => requireSameMounts(at, mountsBelow(at, table))).toThrow('something was mounted')
})

it.runIf(linux)('below the top of the system there is /proc', () => {
  expect(mountsBelow('/')).toContain('proc')
  expect(mountsBelow('/')).not.toContain('')
})

describe.runIf(linux)('as the system writes them', () => {
  it.each<[written: string, below: readonly string[]]>([
    ['/plain', ['plain']],
    ['/a/b', ['a/b']],
    ['/with\\040space', ['with space']],
    ['/new\\012line', ['new\nline']],
    ['/tab\\011', ['tab\t']],
    ['/back\\134slash', ['back\\slash']],
    ['/\\134040', ['\\040']],
    ['/\u00c3\u00a9', ['é']],
    ['/\u00ff\\040\u00fe', ['\udcff \udcfe']],
    ['', []],
    ['x', []],
  ])('%j', (written, below) => {
    const root = fs.realpathSync(temporary.path)
    const table = `36 35 98:0 /x ${root}${written} rw,noatime master:1 - ext4 /dev/root rw\n`
    vi.mocked(fs.readFileSync).mockReturnValueOnce(table)
    expect(mountsBelow(temporary.path)).toEqual(below)
  })
})

it('is nothing where the system does not tell', () => {
  vi.mocked(fs.readFileSync).mockImplementationOnce(() => {
    throw new Error('no /proc here')
  })
  expect(mountsBelow('/')).toEqual([])
})

describe.runIf(canMount)('what is mounted (root only)', () => {
  it.each(['plain', 'with space', 'new\nline', 'back\\slash', 'tab\t', 'é', '\\040'])('%j', name => {
    writeTree(temporary.path, { r: { d: { [name]: {} }, dx: {} }, other: {} })
    mounts.bind(join(temporary.path, 'other'), `${temporary.path}/r/d/${name}`)
    expect(mountsBelow(join(temporary.path, 'r'))).toEqual([`d/${name}`])
    expect(mountsBelow(join(temporary.path, 'r', 'd'))).toEqual([name])
    expect(mountsBelow(join(temporary.path, 'r', 'dx'))).toEqual([])
  })

  it('in one another, and through a link to the root', () => {
    writeTree(temporary.path, { r: { a: {} }, other: { b: {} } })
    fs.symlinkSync('r', join(temporary.path, 'link'))
    mounts.bind(join(temporary.path, 'other'), join(temporary.path, 'r/a'))
    mounts.bind(join(temporary.path, 'other'), join(temporary.path, 'r/a/b'))
    expect(mountsBelow(join(temporary.path, 'link'))).toEqual(['a', 'a/b'])
  })

  it('on the root itself is not below it', () => {
    writeTree(temporary.path, { r: {}, other: {} })
    mounts.bind(join(temporary.path, 'other'), join(temporary.path, 'r'))
    expect(mountsBelow(join(temporary.path, 'r'))).toEqual([])
    expect(mountsBelow(temporary.path)).toEqual(['r'])
  })
})
