/** Plans that are made, kept as text, and applied when something has changed, or nothing. */
import {
  appendFileSync,
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import {
  applyPlan,
  type ApplyOptions,
  type HeldPlan,
  holdPlan,
  type Outcome,
  readPlan,
  type Report,
  syncFolders,
  type SyncOptions,
} from '@facsimile/core'
import { beforeEach, describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { describeEachSetting, type Setting, useFolders } from '../support/mirror.js'

const folders = useFolders()
const at = (path: string): string => join(folders.source, path)
const inReplica = (path: string): string => join(folders.replica, path)

function write(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(join(at(path), '..'), { recursive: true })
    writeFileSync(at(path), `content of ${path}`.padEnd(40 + path.length, '.'))
  }
}

const run = (setting?: Setting): ApplyOptions => ({ ...setting, stateFolder: join(folders.path, 'state') })

async function hold(options: Partial<SyncOptions> = {}, setting?: Setting): Promise<HeldPlan> {
  const { source, replica } = folders
  return await readPlan((await holdPlan({ ...run(setting), source, replica, ...options })).lines)
}

type Applied = {
  readonly report: Report
  readonly told: readonly string[]
  readonly outcomes: readonly string[]
}

async function apply(plan: HeldPlan, options: ApplyOptions = {}): Promise<Applied> {
  const outcomes: string[] = []
  const outcome = ({ status, change }: Outcome): void =>
    void outcomes.push(`${status} ${change.action} ${change.path}`)
  const report = await applyPlan(plan, { ...run(), reject: false, on: { outcome }, ...options })
  return { report, told: report.problems.map(({ code, path }) => `${code} ${path}`), outcomes }
}

const mirrored = async (): Promise<Report> =>
  await syncFolders({ ...run(), source: folders.source, replica: folders.replica })

beforeEach(async () => {
  write('a', 'b', 'd/x', 'd/y', 'e/z')
  await mirrored()
})

describeEachSetting('a plan', setting => {
  it('is done where nothing changed', async () => {
    appendFileSync(at('a'), 'more')
    renameSync(at('d'), at('f'))
    rmSync(at('e'), { recursive: true })
    symlinkSync('a', at('link'))
    const plan = await hold({}, setting)
    const { report, told } = await apply(plan, run(setting))
    expect(told).toEqual([])
    expect(report.exitCode).toBe(0)
    expect(report.changes.rename.done).toBe(1)
    expectEqualTrees(folders.source, folders.replica)
  })

  it('that has nothing to do is nothing to be done', async () => {
    const { report, outcomes } = await apply(await hold({}, setting), run(setting))
    expect([report.exitCode, outcomes]).toEqual([0, []])
  })
})

describe('what is not as it was when the plan was made', () => {
  it('is left, and told, on either side', async () => {
    appendFileSync(at('a'), 'more')
    appendFileSync(at('b'), 'more')
    rmSync(at('d/x'))
    rmSync(at('d/y'))
    write('new')
    const plan = await hold()
    chmodSync(at('a'), 0o600)
    appendFileSync(inReplica('d/y'), 'of somebody else')
    const { report, told, outcomes } = await apply(plan)
    expect(report.exitCode).toBe(24)
    expect(told.toSorted()).toEqual(['drifted a', 'drifted d/y'])
    expect(outcomes).toContain('withheld update a')
    expect(outcomes).toEqual(expect.arrayContaining(['done update b', 'done create new', 'done delete d/x']))
    expect(readFileSync(inReplica('a'), 'utf8')).not.toContain('more')
    expect(readFileSync(inReplica('d/y'), 'utf8')).toContain('of somebody else')
  })

  it('is seen, though size and time are as before', async () => {
    appendFileSync(at('a'), '1')
    const plan = await hold()
    const { atime, mtime } = lstatSync(inReplica('a'))
    const text = readFileSync(inReplica('a'), 'utf8')
    writeFileSync(inReplica('a'), text.replace('content', 'CONTENT'))
    const { utimesSync } = await import('node:fs')
    utimesSync(inReplica('a'), atime, mtime)
    expect((await apply(plan)).told).toEqual(['drifted a'])
    expect(readFileSync(inReplica('a'), 'utf8')).toContain('CONTENT')
  })

  it('is told when nothing of it is to be done any more', async () => {
    appendFileSync(at('a'), 'more')
    const plan = await hold()
    await mirrored()
    const { report, told, outcomes } = await apply(plan)
    expect([report.exitCode, told, outcomes]).toEqual([24, ['drifted a'], []])
    expect(report.problems[0]?.message).toBe(
      '"a" is not to be updated any more, as was planned: nothing was done',
    )
  })

  it('is counted as withheld, also when nothing else is to be done', async () => {
    appendFileSync(at('a'), 'more')
    const plan = await hold()
    appendFileSync(at('a'), 'and more')
    const { report, outcomes } = await apply(plan)
    expect(report.changes.update).toEqual({ planned: 1, done: 0, failed: 0, skipped: 0, withheld: 1 })
    expect(outcomes).toEqual(['withheld update a'])
  })

  it('is left with what would go into it', async () => {
    write('n/o/p')
    const plan = await hold()
    rmSync(at('n'), { recursive: true })
    write('n/o/p', 'n/q')
    const { told } = await apply(plan)
    expect(told).toEqual(expect.arrayContaining(['drifted n', 'drifted n/o', 'drifted n/o/p', 'drifted n/q']))
    expect(lstatSync(inReplica('n'), { throwIfNoEntry: false })).toBeUndefined()
  })

  it('may be new in a directory that is made all the same', async () => {
    write('n/p')
    const plan = await hold()
    write('n/q')
    const { told, outcomes } = await apply(plan)
    expect(told).toContain('drifted n/q')
    expect(outcomes).toEqual(expect.arrayContaining(['done create n', 'done create n/p']))
  })

  it('keeps the directory that it appeared in', async () => {
    rmSync(at('d'), { recursive: true })
    const plan = await hold()
    writeFileSync(inReplica('d/appeared'), 'by somebody else')
    const { told, outcomes } = await apply(plan)
    expect(told.toSorted()).toEqual(['drifted d', 'drifted d/appeared'])
    expect(outcomes).toEqual(expect.arrayContaining(['done delete d/x', 'done delete d/y']))
    expect(readFileSync(inReplica('d/appeared'), 'utf8')).toBe('by somebody else')
  })

  it('keeps a directory from being replaced, with all it holds', async () => {
    rmSync(at('d'), { recursive: true })
    write('d')
    const plan = await hold()
    writeFileSync(inReplica('d/appeared'), '')
    const { told } = await apply(plan)
    expect(told.toSorted()).toEqual(['drifted d', 'drifted d/appeared', 'drifted d/x', 'drifted d/y'])
    expect(readFileSync(inReplica('d/x'), 'utf8')).toContain('content of d/x')
  })

  it('keeps a directory from being renamed', async () => {
    renameSync(at('d'), at('f'))
    const plan = await hold()
    writeFileSync(inReplica('d/appeared'), '')
    const { told } = await apply(plan)
    expect(told).toEqual(expect.arrayContaining(['drifted f', 'drifted f/appeared']))
    expect(lstatSync(inReplica('d/appeared')).isFile()).toBe(true)
    expect(lstatSync(inReplica('f'), { throwIfNoEntry: false })).toBeUndefined()
  })

  it('is no other name of a file that is not written', async () => {
    appendFileSync(at('a'), 'more')
    linkSync(at('a'), at('c'))
    const plan = await hold()
    chmodSync(inReplica('a'), 0o600)
    const { told } = await apply(plan)
    expect(told.toSorted()).toEqual(['drifted a', 'drifted c'])
    expect(lstatSync(inReplica('c'), { throwIfNoEntry: false })).toBeUndefined()
  })

  it('has the time it had, if it is a directory', async () => {
    write('d/new')
    const plan = await hold()
    write('d/newer')
    const before = lstatSync(inReplica('d'), { bigint: true }).mtimeNs
    const { outcomes } = await apply(plan)
    expect(outcomes).toEqual(expect.arrayContaining(['done create d/new', 'withheld metadata d']))
    expect(lstatSync(inReplica('d'), { bigint: true }).mtimeNs / 1000n).toBe(before / 1000n)
  })
})

describe('who applies a plan', () => {
  it('is asked by the guards again', async () => {
    write(...Array.from({ length: 150 }, (_, index) => `many/${index}`))
    await mirrored()
    rmSync(at('many'), { recursive: true })
    const { plan, report, lines } = await holdPlan({ ...run(), ...folders2() })
    expect([report.exitCode, plan.refusals.map(({ code }) => code)]).toEqual([25, ['too-many-deletions']])
    expect((await apply(await readPlan(lines))).report.exitCode).toBe(25)
    expect(lstatSync(inReplica('many/7')).isFile()).toBe(true)
  })

  it('has the options that it was made with', async () => {
    write('skip.log')
    appendFileSync(at('a'), 'more')
    rmSync(at('b'))
    const plan = await hold({ exclude: ['*.log'], delete: false, newer: new Date(0), maxSize: 1000 })
    expect((await apply(plan)).report.exitCode).toBe(0)
    expect(lstatSync(inReplica('skip.log'), { throwIfNoEntry: false })).toBeUndefined()
    expect(lstatSync(inReplica('b')).isFile()).toBe(true)
    expect(readFileSync(inReplica('a'), 'utf8')).toContain('more')
  })

  it('may look first', async () => {
    appendFileSync(at('a'), 'more')
    const plan = await hold()
    appendFileSync(at('a'), 'and more')
    const { report, told } = await apply(plan, { dryRun: true })
    expect([report.exitCode, told, report.changes.update.withheld]).toEqual([24, ['drifted a'], 1])
  })

  it.each(['source', 'replica'] as const)('is refused another %s', async side => {
    appendFileSync(at('a'), 'more')
    const plan = await hold()
    renameSync(folders[side], `${folders[side]}-aside`)
    mkdirSync(folders[side])
    writeFileSync(join(folders[side], 'b'), '')
    const { report } = await apply(plan)
    expect(report.exitCode).toBe(26)
    expect(report.problems[0]?.message).toContain('is not the folder that it was when the plan was made')
  })

  it.each(['source', 'replica'] as const)(
    'gives a directory no attributes when it got others in the %s',
    async side => {
      chmodSync(at('d'), 0o700)
      const plan = await hold()
      // Changes nothing that a look at mode, owner or time tells.
      chownSync(join(folders[side], 'd'), process.getuid?.() ?? -1, -1)
      const { report, told } = await apply(plan)
      expect([report.exitCode, told]).toEqual([24, ['drifted d']])
      expect(lstatSync(inReplica('d')).mode & 0o777).toBe(0o755)
    },
  )

  it('is refused a replica that was not there, and one that is no longer there', async () => {
    const plan = await hold({ replica: join(folders.path, 'other') })
    mkdirSync(join(folders.path, 'other'))
    expect((await apply(plan)).report.problems[0]?.message).toContain('was not there when the plan was made')
    const gone = await hold()
    rmSync(folders.replica, { recursive: true })
    expect((await apply(gone)).report.problems[0]?.message).toContain('is no longer there')
  })

  it('makes a replica that did not exist', async () => {
    rmSync(folders.replica, { recursive: true })
    const plan = await hold()
    expect((await apply(plan)).report.exitCode).toBe(0)
    expectEqualTrees(folders.source, folders.replica)
  })

  it('gives names that are not UTF-8 as they are', async () => {
    const name = Buffer.from([0x66, 0xff, 0x0a])
    writeFileSync(Buffer.concat([Buffer.from(`${folders.source}/`), name]), 'odd')
    const { lines } = await holdPlan({ ...run(), ...folders2() })
    expect([...lines].join('')).toContain(`"pathBase64":"${name.toString('base64')}"`)
    expect((await apply(await readPlan(lines))).told).toEqual([])
    expectEqualTrees(folders.source, folders.replica)
  })

  it('cannot have a function written down', async () => {
    await expect(hold({ filter: () => true })).rejects.toThrow(
      'option "filter" is a function, which cannot be held with a plan',
    )
  })

  it('decides on nothing that the plan decides', async () => {
    const plan = await hold()
    await expect(applyPlan(plan, { exclude: ['*'] } as ApplyOptions)).rejects.toThrow(
      'option "exclude" is not one for a plan that is applied',
    )
  })
})

function folders2(): Pick<SyncOptions, 'source' | 'replica'> {
  return { source: folders.source, replica: folders.replica }
}
