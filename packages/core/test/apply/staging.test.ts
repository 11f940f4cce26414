import { spawnSync } from 'node:child_process'
import {
  existsSync,
  lchownSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isRoot } from '../../../../test/support/entry-kind.js'
import type { Fault } from '../../../../test/support/faulty.js'
import { directory, fifo, file, symlink, type TreeLiteral } from '../../../../test/support/tree-literal.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { livingStagings } from '../../src/apply/living-stagings.js'
import {
  deadStagings,
  makeStaging,
  randomName,
  removeStaging,
  stagingAt,
  ThreadStaging,
} from '../../src/apply/staging.js'
import type { Staging } from '../../src/model/jobs.js'
import type { Name } from '../../src/model/path.js'
import { ownerRights } from '../../src/tree/attributes.js'
import { isStagingName, markerName, ownMarker, startTimeOf } from '../../src/tree/staging-marker.js'
import type { Handle, Tree } from '../../src/tree/tree.js'
import { failureOf, staged, useGround } from './ground.js'

const place = useGround()
const rights = ownerRights()

function replica(faults: readonly Fault[] = [], literal: TreeLiteral = {}): Tree {
  return place.open({ replica: literal, faults }).context.replica.tree
}

function marked(marker: unknown): TreeLiteral {
  return { [markerName]: JSON.stringify(marker) }
}

function stagings(): readonly string[] {
  return readdirSync(place.replica).filter(name => isStagingName(name as Name))
}

function found(tree: Tree, name: Name): Staging {
  const staging = stagingAt(tree, name)
  if (staging === undefined) throw new Error(`nothing is there: ${name}`)
  return staging
}

/** As on a file system where all have the permissions of a mask. */
function masked<H extends Handle>(handle: H, mode: number): H {
  const stat = handle.stat.bind(handle)
  return Object.assign(handle, { stat: () => ({ ...stat(), mode }), setMode: () => undefined })
}

it('names are not used twice', () => {
  const names = Array.from({ length: 100 }, () => randomName())
  expect(new Set(names).size).toBe(100)
  expect(names.every(isStagingName)).toBe(true)
})

describe('makeStaging', () => {
  it('makes a private directory with the marker of this process', () => {
    const { name } = makeStaging(replica(), rights)
    const path = join(place.replica, name)
    expect(lstatSync(path).mode & 0o7777).toBe(0o700)
    expect(readdirSync(path)).toEqual([markerName])
    expect(JSON.parse(readFileSync(join(path, markerName), 'utf8'))).toEqual({
      ...ownMarker(),
      pid: process.pid,
    })
  })

  it.each<[what: string, fault: Omit<Fault, 'side'>, meaning: string]>([
    ['the directory', { call: 'makeDirectory', errno: 'ENOSPC' }, 'ENOSPC'],
    ['the marker', { call: 'createFile', errno: 'EDQUOT' }, 'EDQUOT'],
    ['what the marker says', { call: 'handle.write', errno: 'ENOSPC' }, 'ENOSPC'],
    ['an end of the marker', { call: 'handle.close', path: /json$/, errno: 'EIO' }, 'EIO'],
  ])('that cannot make %s leaves nothing, and says that nothing was changed', (_, fault, meaning) => {
    const tree = replica([{ side: 'replica', ...fault }])
    const before = stagings()
    expect(() => makeStaging(tree, rights)).toThrow(
      expect.objectContaining({
        code: 'storage-failed',
        exitCode: 11,
        message: expect.stringContaining(meaning),
      }),
    )
    expect(stagings()).toEqual(before)
  })

  it('X05: takes what a file system is that gives directories other permissions than files', () => {
    const tree = replica()
    const open = tree.openDirectory.bind(tree)
    const create = tree.createFile.bind(tree)
    tree.openDirectory = (parent, name) => masked(open(parent, name), 0o755)
    tree.createFile = (parent, name) => masked(create(parent, name), 0o600)
    const { name } = makeStaging(tree, rights)
    expect(readdirSync(join(place.replica, name))).toEqual([markerName])
  })

  it('tells why it failed, though what it made cannot be removed either', () => {
    const tree = replica([
      { side: 'replica', call: 'createFile', errno: 'EIO' },
      { side: 'replica', call: 'removeDirectory', errno: 'EROFS' },
    ])
    const message = expect.stringContaining('EIO') as string
    expect(() => makeStaging(tree, rights)).toThrow(
      expect.objectContaining({ code: 'storage-failed', message }),
    )
  })
})

describe('removeStaging', () => {
  const deep = { a: { b: { c: { d: 'file', link: symlink('/') }, e: {} }, full: { x: '', y: '' } } }

  it('removes what threads left, at any depth, and nothing else', () => {
    const tree = replica([], { 'keep me': 'kept' })
    const made = makeStaging(tree, rights)
    const { name } = made
    writeTree(join(place.path, 'beside'), { precious: 'p' })
    const shut = directory({ x: 'x' }, { mode: isRoot ? 0 : 0o700 })
    const odd = { pipe: fifo(), out: symlink('../../../beside'), 'newline\n': file('', { mode: 0 }) }
    writeTree(join(place.replica, name, '0'), { ...deep, shut, ...odd })
    writeTree(join(place.replica, name, '1'), deep)
    removeStaging(tree, made)
    expect(existsSync(join(place.replica, name))).toBe(false)
    expect(readFileSync(join(place.path, 'beside', 'precious'), 'utf8')).toBe('p')
    expect(readFileSync(join(place.replica, 'keep me'), 'utf8')).toBe('kept')
  })

  it('removes what lies in it beside the parts of threads, and follows no link there', () => {
    const tree = replica()
    const made = makeStaging(tree, rights)
    const { name } = made
    writeTree(join(place.path, 'beside'), { precious: 'p' })
    writeTree(join(place.replica, name), { file: 'f', out: symlink('../../beside'), pipe: fifo() })
    removeStaging(tree, made)
    expect(existsSync(join(place.replica, name))).toBe(false)
    expect(readdirSync(join(place.path, 'beside'))).toEqual(['precious'])
  })

  it('removes the marker last, so that what stays still says whose it is', () => {
    const tree = replica([{ side: 'replica', call: 'unlink', path: staged('a/x'), errno: 'EIO' }])
    const list = tree.list.bind(tree)
    tree.list = (directory): Name[] =>
      list(directory).sort((a, b) => Number(b === markerName) - Number(a === markerName))
    const made = makeStaging(tree, rights)
    const { name } = made
    writeTree(join(place.replica, name, '0'), { a: { x: '' } })
    expect(failureOf(() => removeStaging(tree, made))).toBe('EIO')
    expect(readdirSync(join(place.replica, name)).sort()).toEqual(['0', markerName])
  })

  it('removes one without a marker', () => {
    const tree = replica()
    const name = randomName()
    writeTree(join(place.replica, name), { '0': deep })
    removeStaging(tree, found(tree, name))
    expect(existsSync(join(place.replica, name))).toBe(false)
  })

  it('X05: leaves alone another directory that took its place', () => {
    const tree = replica([], { other: { 0: { precious: 'p' } } })
    const made = makeStaging(tree, rights)
    renameSync(join(place.replica, made.name), join(place.path, 'was'))
    renameSync(join(place.replica, 'other'), join(place.replica, made.name))
    expect(failureOf(() => removeStaging(tree, made))).toMatch('somebody put something else in the place')
    expect(readFileSync(join(place.replica, made.name, '0', 'precious'), 'utf8')).toBe('p')
  })

  it('X05: does not follow a link that took its place', () => {
    const tree = replica()
    const made = makeStaging(tree, rights)
    const { name } = made
    writeTree(join(place.path, 'beside'), { precious: 'p' })
    renameSync(join(place.replica, name), join(place.path, 'was'))
    symlinkSync('../beside', join(place.replica, name))
    expect(failureOf(() => removeStaging(tree, made))).toMatch(/^E(?:LOOP|NOTDIR)$/)
    expect(readdirSync(join(place.path, 'beside'))).toEqual(['precious'])
  })
})

describe.runIf(process.platform === 'linux')('deadStagings', () => {
  const own = ownMarker()
  const anotherBoot = '00000000-0000-4000-8000-000000000000'
  /** A process that has been, and is no more. */
  const gone = Number(spawnSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }).stdout)

  it.each<[isDead: boolean, what: string, literal: TreeLiteral]>([
    [true, 'of an earlier run of this process', marked(own)],
    [
      false,
      'of another process',
      marked({ ...own, pid: process.ppid, startTime: startTimeOf(process.ppid) }),
    ],
    [true, 'of a process that is gone', marked({ ...own, pid: gone })],
    [true, 'of a process whose number is taken by another', marked({ ...own, startTime: '1' })],
    [true, 'of another boot, though the number is taken', marked({ ...own, bootId: anotherBoot })],
    [false, 'of a system that tells no boot', marked({ ...own, pid: gone, bootId: '' })],
    [false, 'without a marker', {}],
    [false, 'of another format', marked({ ...own, pid: gone, format: 'facsimile-staging-2' })],
    [false, 'whose number is text', marked({ ...own, pid: String(gone) })],
    [false, 'whose boot is missing', marked({ ...own, pid: gone, bootId: undefined })],
    [false, 'whose marker is cut off', { [markerName]: JSON.stringify({ ...own, pid: gone }).slice(0, -1) }],
    [false, 'whose marker is empty', { [markerName]: '' }],
    [false, 'whose marker is null', marked(null)],
    [false, 'whose marker is no file', { [markerName]: marked({ ...own, pid: gone }) }],
    [
      false,
      'whose marker is a link',
      { real: JSON.stringify({ ...own, pid: gone }), [markerName]: symlink('real') },
    ],
    [false, 'whose marker is a FIFO', { [markerName]: fifo() }],
  ])('%s: a staging directory %s', (isDead, _, literal) => {
    const tree = replica()
    const name = randomName()
    writeTree(join(place.replica, name), literal)
    expect(deadStagings(tree, rights.uid).map(dead => dead.name)).toEqual(isDead ? [name] : [])
  })

  it('is not one of a run of this process that goes on', () => {
    const tree = replica()
    const made = makeStaging(tree, rights)
    const { name } = made
    expect(livingStagings()).toContain(name)
    expect(deadStagings(tree, rights.uid)).toEqual([])
    removeStaging(tree, made)
    expect(livingStagings()).not.toContain(name)
  })

  const dead = marked({ ...own, pid: gone })
  it.each<[what: string, name: string, literal: TreeLiteral]>([
    ['another name', '.facsimile-0123', dead],
    ['a name of more', `${randomName()}0`, dead],
    ['capital letters', `.facsimile-${'A'.repeat(32)}`, dead],
    ['a place below', 'd', { [randomName()]: dead }],
  ])('leaves alone what has %s', (_, name, literal) => {
    const tree = replica()
    writeTree(join(place.replica, name), literal)
    expect(deadStagings(tree, rights.uid)).toEqual([])
  })

  it('leaves alone links to dead ones, and files', () => {
    const [name, other] = [randomName(), randomName()]
    const tree = replica([], { d: dead, [name]: symlink('d'), [other]: JSON.stringify(own) })
    expect(deadStagings(tree, rights.uid)).toEqual([])
  })

  it.runIf(isRoot)("leaves alone what is another user's", () => {
    const [mine, theirs] = [randomName(), randomName()]
    const tree = replica([], { [mine]: dead, [theirs]: dead })
    lchownSync(join(place.replica, theirs), 1234, 1234)
    expect(deadStagings(tree, rights.uid)).toMatchObject([{ name: mine }])
    expect(deadStagings(tree, 1234)).toMatchObject([{ name: theirs }])
  })
})

describe("a thread's part", () => {
  it('is its own, and gives names that were not used', () => {
    const { context, staging } = place.open({})
    const { tree } = context.replica
    const whole = found(tree, staging)
    const parts = [3, 4].map(thread => new ThreadStaging(tree, whole, thread))
    expect(readdirSync(join(place.replica, staging)).sort()).toEqual(['3', '4', markerName])
    expect(parts.map(part => part.path)).toEqual([`${staging}/3`, `${staging}/4`])
    expect(parts.flatMap(part => [part.nextName(), part.nextName()])).toEqual(['1', '2', '1', '2'])
    for (const part of parts) part.close()
  })

  it('can be made again when it could not be entered', () => {
    const { context } = place.open({
      faults: [{ side: 'replica', call: 'openDirectory', path: /\/0$/, times: 1, errno: 'EMFILE' }],
    })
    expect(failureOf(() => context.staging())).toBe('EMFILE')
    expect(context.staging().nextName()).toBe('1')
  })

  it.each<Pick<Fault, 'call' | 'path'>>([
    { call: 'handle.stat', path: /^\.facsimile-[^/]*$/ },
    { call: 'openDirectory', path: /\/1$/ },
  ])('S04: lets go of what it opened when $call fails', fault => {
    const { context, staging } = place.open({ faults: [{ ...fault, side: 'replica', errno: 'EIO' }] })
    const { tree } = context.replica
    expect(failureOf(() => new ThreadStaging(tree, found(tree, staging), 1))).toBe('EIO')
  })

  it('S04: is made and opened whatever closing the whole says', () => {
    const { context } = place.open({
      faults: [{ side: 'replica', call: 'handle.close', path: /^\.facsimile-[^/]*$/, errno: 'EIO' }],
    })
    context
      .staging()
      .openPart('0' as Name)
      .close()
  })

  it('X05: is not made, nor opened, in another directory that took the place of the whole', () => {
    const { context, staging } = place.open({ replica: { other: { 0: { 1: 'theirs' } } } })
    const part = context.staging()
    const path = join(place.replica, staging)
    renameSync(path, join(place.path, 'was'))
    renameSync(join(place.replica, 'other'), path)
    const whole = { ...found(context.replica.tree, staging), inode: 1n }
    expect(failureOf(() => part.openPart('0' as Name))).toMatch('somebody put something else')
    expect(failureOf(() => new ThreadStaging(context.replica.tree, whole, 1))).toMatch('somebody put')
    expect(readdirSync(path)).toEqual(['0'])
    renameSync(path, join(place.path, 'theirs'))
    renameSync(join(place.path, 'was'), path)
  })

  it('X04: is not entered when somebody else made it', () => {
    const { context, staging } = place.open({})
    symlinkSync('..', join(place.replica, staging, '7'))
    const { tree } = context.replica
    const whole = found(tree, staging)
    expect(failureOf(() => new ThreadStaging(tree, whole, 7))).toBe('EEXIST')
  })

  it('looks at the first file only, and takes no mode for known', () => {
    const { context } = place.open({})
    const part = context.staging()
    const made = ['a', 'b'].map(name => context.replica.tree.createFile(part.directory, name as Name))
    const [first, second] = made.map(each => part.born(each))
    expect(first?.entry).toMatchObject({ kind: 'file', uid: rights.uid, gid: lstatSync(place.replica).gid })
    expect(second).toBe(first)
    expect(first?.entry.mode).not.toBe(made[0]?.stat().mode)
    for (const each of made) each.close()
  })
})
