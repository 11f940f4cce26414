/**
 * One source, several replicas: what is read of the source is read once, and what becomes of one replica is none of the
 * others' affair.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ManyReport, ManySyncOptions, ReplicaResult } from '@facsimile/core'
import { checkFolders } from '@facsimile/core'
import { afterEach, describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { syncManyWith } from '../support/core.mjs'
import { type Fault, faulty, type Faulty, type RaceStep } from '../support/faulty.js'
import { holding, stagedIn, useFolders } from '../support/mirror.js'
import { canMount, useMounts } from '../support/mounts.js'
import { file, symlink, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const mounts = useMounts()
const large = Buffer.from(Array.from({ length: 3 << 20 }, (_, at) => at % 251))
const source: TreeLiteral = {
  a: 'a',
  empty: '',
  large: file(large, { mode: 0o640 }),
  d: { b: 'b', deeper: { c: 'c', link: symlink('c') } },
  'no entries': {},
}
const directories = 4
let used: Faulty[] = []

afterEach(() => {
  const open = used.map(({ openHandles }) => openHandles)
  used = []
  if (open.some(handles => handles !== 0)) throw new Error(`handles left open: ${open.join(', ')}`)
})

function replicas(): readonly string[] {
  return ['one', 'two', 'three'].map(name => join(folders.path, name))
}

/** Nothing of a source is shared that was written a moment ago, so this one was written longer ago than that. */
async function writeSource(tree: TreeLiteral = source): Promise<void> {
  writeTree(folders.source, tree)
  const written = performance.now()
  while (performance.now() - written < 60) await new Promise(resolve => setImmediate(resolve))
}

function planted(faults: readonly Fault[]): Faulty {
  const made = faulty(faults)
  used.push(made)
  return made
}

async function mirrorAll(
  options: Partial<ManySyncOptions> = {},
  faultsOf: (replica: string) => Faulty | undefined = () => undefined,
): Promise<ManyReport> {
  const all = { source: folders.source, replicas: replicas(), held: holding, reject: false }
  return await syncManyWith(
    { ...all, stateFolder: join(folders.path, 'state'), ...options },
    replica => faultsOf(replica)?.internals ?? {},
  )
}

function exitCodes({ replicas: each }: ManyReport): readonly number[] {
  return each.map(({ report }) => report.exitCode)
}

describe('several replicas of one source', () => {
  it.each([
    ['a first copy', {}, false, 5],
    ['a first copy with digests', { hasher: 'sha256', verify: true }, false, 4],
    ['a comparison of contents', { compare: 'content' }, true, 4],
  ] as const)('%s lists and reads it once', async (_, options, isThere, pieces) => {
    await writeSource()
    if (isThere) await mirrorAll()
    const counting = planted([
      { side: 'source', call: 'list' },
      { side: 'source', call: 'handle.read', path: 'a' },
      { side: 'source', call: 'handle.read', path: 'd/deeper/c' },
      { side: 'source', call: 'handle.read', path: 'large' },
    ])
    const report = await mirrorAll(options, () => counting)
    expect(report.exitCode).toBe(0)
    for (const replica of replicas()) expectEqualTrees(folders.source, replica)
    // A megabyte three times, and its end; who reads no hash of it looks at its last byte, too.
    expect(counting.struck).toEqual([directories, 1, 1, pieces])
  })

  it('is what one replica alone would be, for each of them', async () => {
    await writeSource()
    const [one = '', two = '', three = ''] = replicas()
    writeTree(two, { a: 'old', gone: 'g', d: { b: 'b' } })
    writeTree(three, source)
    const { replicas: ended } = await mirrorAll()
    expect(ended.map(({ replica, report }) => [replica, report.replica, report.changes.create.done])).toEqual(
      [
        [one, one, 10],
        [two, two, 6],
        [three, three, 0],
      ],
    )
    expect(ended[1]?.report.changes.delete.done).toBe(1)
    for (const replica of replicas()) expectEqualTrees(folders.source, replica)
  })

  it('deletes nothing that a listing of its own would have shown', async () => {
    await writeSource({ 'kept 1': '1', 'kept 2': '2', dir: { x: 'x' } })
    await mirrorAll()
    // A server that cuts the first listing short: the second tells, and that is one of the directory itself.
    const counting = planted([{ side: 'source', call: 'list', path: '', nth: 1, times: 1, most: 1 }])
    const report = await mirrorAll({}, () => counting)
    expect(report.replicas.map(({ report: { changes } }) => changes.delete.done)).toEqual([0, 0, 0])
    for (const replica of replicas()) expectEqualTrees(folders.source, replica)
    expect(counting.struck).toEqual([1])
  })

  it('fails for the replica whose storage does, and for no other', async () => {
    await writeSource()
    const [one = '', two = '', three = ''] = replicas()
    const full = planted([{ side: 'replica', call: 'createFile', errno: 'ENOSPC', nth: 2 }])
    const report = await mirrorAll({}, replica => (replica === two ? full : undefined))
    expect([report.exitCode, ...exitCodes(report)]).toEqual([11, 0, 11, 0])
    for (const replica of [one, three]) expectEqualTrees(folders.source, replica)
    expect(stagedIn(two)).toEqual([])
    expect(exitCodes(await mirrorAll())).toEqual([0, 0, 0])
    expectEqualTrees(folders.source, two)
  })

  it.skipIf(!canMount)(
    'fails for a replica that is full, and for one that is read-only (needs root)',
    async () => {
      await writeSource()
      const [one = '', two = '', three = ''] = replicas()
      for (const replica of [one, two]) mkdirSync(replica)
      mounts.tmpfs(one, 'size=1m')
      mounts.tmpfs(two)
      mounts.remount(two, 'ro')
      const report = await mirrorAll()
      expect([report.exitCode, ...exitCodes(report)]).toEqual([11, 11, 11, 0])
      expectEqualTrees(folders.source, three)
    },
  )

  it('fails for a replica that goes away meanwhile, and for no other', async () => {
    await writeSource()
    const [one = '', two = '', three = ''] = replicas()
    writeTree(two, {})
    const race: readonly RaceStep[] = [{ do: 'rename', from: two, to: `${two} elsewhere` }]
    const gone = planted([{ side: 'replica', call: 'list', path: '', times: 1, after: true, race }])
    const report = await mirrorAll({}, replica => (replica === two ? gone : undefined))
    expect(exitCodes(report)).toEqual([0, 26, 0])
    for (const replica of [one, three]) expectEqualTrees(folders.source, replica)
    expect([existsSync(two), readdirSync(`${two} elsewhere`)]).toEqual([false, []])
  })

  it('judges each by guards of its own', async () => {
    await writeSource({ a: 'a' })
    const [, two = ''] = replicas()
    writeTree(two, Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`old ${at}`, ''])))
    const report = await mirrorAll()
    expect([report.exitCode, ...exitCodes(report)]).toEqual([25, 0, 25, 0])
  })

  it('is not held by a replica that is slow', async () => {
    await writeSource({ d: Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`f${at}`, `${at}`])) })
    const [one = '', two = '', three = ''] = replicas()
    const seen = new SharedArrayBuffer(64)
    const module = new URL('../support/slow-tree.mjs', import.meta.url).href
    const told: string[] = []
    const on = { outcome: (_: unknown, replica: string): void => void told.push(replica) }
    const report = await syncManyWith(
      { source: folders.source, replicas: replicas(), stateFolder: join(folders.path, 'state'), on },
      replica => (replica === two ? { decorator: { module, data: { delayMs: 10, seen } } } : {}),
    )
    expect(report.exitCode).toBe(0)
    expect(told.length).toBe(3 * 62)
    const firstOfTwo = told.indexOf(two)
    for (const replica of [one, three]) expect(told.lastIndexOf(replica)).toBeLessThan(firstOfTwo)
  })

  it('rejects with what became of each', async () => {
    await writeSource()
    const [, two = ''] = replicas()
    writeFileSync(two, 'a file')
    const error = await mirrorAll({ reject: true }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      name: 'SyncError',
      code: 'root-refused',
      exitCode: 26,
      report: { replica: two },
    })
    expect((error as Error).message).toMatch(
      /^1 of 3 replicas ended with an error, such as ".*two": .*not a folder/,
    )
    const { replicas: each } = error as { readonly replicas: readonly ReplicaResult[] }
    expect(each.map(({ error: own }) => own?.exitCode)).toEqual([undefined, 26, undefined])
  })

  it('refuses replicas inside one another before anything', async () => {
    await writeSource()
    const [one = '', two = ''] = replicas()
    const report = await mirrorAll({ replicas: [two, one, join(one, 'inner')] })
    expect([report.exitCode, ...exitCodes(report)]).toEqual([26, 26, 26, 26])
    expect([existsSync(one), existsSync(two)]).toEqual([false, false])
    await expect(mirrorAll({ replicas: [two, two], reject: true })).rejects.toMatchObject({ exitCode: 26 })
  })

  it('refuses a backup folder in any of the replicas before anything', async () => {
    await writeSource()
    const [one = '', two = ''] = replicas()
    const refused = { replicas: [one, two], backupDir: join(one, 'deep', 'kept') }
    expect(exitCodes(await mirrorAll(refused))).toEqual([26, 26])
    expect([existsSync(one), existsSync(two)]).toEqual([false, false])
    await mirrorAll()
    expect(exitCodes(await mirrorAll(refused))).toEqual([26, 26])
    expect(existsSync(join(one, 'deep'))).toBe(false)
  })

  it('refuses a state folder in any of the replicas before anything, and none in the source', async () => {
    await writeSource()
    const [one = '', two = ''] = replicas()
    const refused = { replicas: [one, two], stateFolder: join(two, 'deep', 'state') }
    expect(exitCodes(await mirrorAll(refused))).toEqual([26, 26])
    expect([existsSync(one), existsSync(two)]).toEqual([false, false])
    await mirrorAll()
    expect(exitCodes(await mirrorAll(refused))).toEqual([26, 26])
    expect(existsSync(join(two, 'deep'))).toBe(false)
    expect(exitCodes(await mirrorAll({ stateFolder: join(folders.source, 'state') }))).toEqual([0, 0, 0])
  })

  it('asks a filter once for each entry of the source', async () => {
    await writeSource()
    const asked: string[] = []
    const filter = ({ path }: { readonly path: string }): boolean => {
      asked.push(path)
      return path !== 'a'
    }
    const report = await mirrorAll({ filter })
    expect(report.exitCode).toBe(0)
    expect(asked.length).toBe(new Set(asked).size)
    for (const replica of replicas()) expect(existsSync(join(replica, 'a'))).toBe(false)
  })

  it('ends with what a function of the caller threw, for all of them', async () => {
    await writeSource()
    const [, two = ''] = replicas()
    const plan = (_: unknown, replica: string): void => {
      if (replica === two) throw new RangeError('no')
    }
    await expect(mirrorAll({ on: { plan } })).rejects.toThrow(new RangeError('no'))
    for (const replica of replicas()) expect(stagedIn(replica)).toEqual([])
  })

  it('compares all of them, and changes nothing', async () => {
    await writeSource()
    await mirrorAll()
    const [, two = ''] = replicas()
    rmSync(join(two, 'a'))
    const report = await checkFolders({ source: folders.source, replicas: replicas(), held: holding })
    expect([report.exitCode, ...exitCodes(report)]).toEqual([28, 0, 28, 0])
    expect(existsSync(join(two, 'a'))).toBe(false)
  })

  it('copies what was changed while it was shared, or says so', async () => {
    await writeSource({ a: 'old', b: 'b' })
    const race: readonly RaceStep[] = [{ do: 'write', path: join(folders.source, 'a'), content: 'new' }]
    const [one = ''] = replicas()
    const racing = planted([{ side: 'source', call: 'handle.read', path: 'a', times: 1, after: true, race }])
    const report = await mirrorAll({}, () => racing)
    expect([0, 24]).toContain(report.exitCode)
    // What was read before is published by nobody, not even by who got it from another one.
    const contents = replicas().map(replica => join(replica, 'a'))
    const found = contents.filter(path => existsSync(path)).map(path => readFileSync(path, 'utf8'))
    expect(new Set([...found, 'new'])).toEqual(new Set(['new']))
    utimesSync(join(folders.source, 'a'), 5, 5)
    await mirrorAll()
    expectEqualTrees(folders.source, one)
  })
})
