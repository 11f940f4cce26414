/** A backup folder that is shared: by several replicas, and with what is no run. */
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { undoRun } from '../support/core.mjs'
import { holding, mirror, type Setting, useFolders } from '../support/mirror.js'
import { canMount, useMounts } from '../support/mounts.js'
import { directory } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const mounts = useMounts()
const setting: Setting = { held: holding, concurrency: 1 }

const backup = (): string => join(folders.path, 'backup')
const idOf = (year: number): string => `${year}0101T000000000Z-abcdef`

/** A run that makes the file what it says; the first keeps nothing. */
async function run(says: string, replica: string = folders.replica, more: object = {}): Promise<void> {
  writeTree(folders.source, directory({}))
  writeFileSync(join(folders.source, 'file'), says)
  const all = says === 'first' ? {} : { backupDir: backup(), ...more }
  const { report } = await mirror(
    { ...folders, path: folders.path, source: folders.source, replica },
    setting,
    all,
  )
  expect(report.exitCode).toBe(0)
}

const undo = async (more: object = {}): ReturnType<typeof undoRun> =>
  await undoRun({
    replica: folders.replica,
    backupDir: backup(),
    held: holding,
    stateFolder: join(folders.path, 'state'),
    ...more,
  })

const fileIn = (replica: string): string => readFileSync(join(replica, 'file'), 'utf8')

describe.skipIf(!canMount)('replicas on file systems whose roots have one number (needs mount)', () => {
  it('have runs of their own, which those of the other neither prune nor undo', async () => {
    const [a, b] = [join(folders.path, 'a'), join(folders.path, 'b')]
    for (const at of [a, b]) {
      mkdirSync(at)
      mounts.tmpfs(at)
      await run('first', at)
    }
    await run('second', a)
    await run('second', b, { keep: 1 })
    await run('the third', b, { keep: 1 })
    expect(readdirSync(backup())).toHaveLength(2)
    await undo({ replica: a })
    expect([fileIn(a), fileIn(b)]).toEqual(['first', 'the third'])
  })
})

describe('a replica that was moved', () => {
  it('has its runs still', async () => {
    await run('first')
    await run('second')
    const moved = join(folders.path, 'moved')
    renameSync(folders.replica, moved)
    await undo({ replica: moved })
    expect(fileIn(moved)).toBe('first')
  })
})

describe('what is no run, though named so', () => {
  it('is neither read nor removed', async () => {
    await run('first')
    await run('second')
    symlinkSync(folders.path, join(backup(), idOf(2001)))
    writeFileSync(join(backup(), idOf(2002)), 'mine')
    for (const [year, text] of [
      [2003, 'junk\n'],
      [2004, 'null\n'],
      [2005, ''],
    ] as const) {
      mkdirSync(join(backup(), idOf(year)))
      writeFileSync(join(backup(), idOf(year), 'journal-main'), text)
    }
    await run('third', folders.replica, { keep: 1 })
    expect(readdirSync(backup())).toHaveLength(6)
    await undo()
    expect(fileIn(folders.replica)).toBe('second')
  })
})

describe('a clock that was put back', () => {
  it('makes of the last run no older one', async () => {
    await run('first')
    await run('second')
    const [id = ''] = readdirSync(backup())
    const later = idOf(2999)
    renameSync(join(backup(), id), join(backup(), later))
    await run('third')
    expect(readdirSync(backup()).sort()[0]).toBe(later)
    await undo()
    expect(fileIn(folders.replica)).toBe('second')
  })
})

describe('a damaged journal', () => {
  it('is said, and nothing is touched', async () => {
    await run('first')
    await run('second')
    const [id = ''] = readdirSync(backup())
    const journal = join(backup(), id, 'journal-0')
    cpSync(journal, join(folders.path, 'whole'))
    writeFileSync(journal, `\0\0\0\n${readFileSync(join(folders.path, 'whole'), 'utf8')}`)
    await expect(undo()).rejects.toThrow(/the file "journal-0" of the run in the backup folder is damaged/)
    expect(fileIn(folders.replica)).toBe('second')
    // More than is read at once.
    const whole = readFileSync(join(folders.path, 'whole'), 'utf8')
    const padding = `{"op":"end","at":"1","padding":"${'\u00e9'.repeat(1 << 20)}"}\n`
    writeFileSync(journal, padding + whole + padding)
    await undo()
    expect(fileIn(folders.replica)).toBe('first')
  })
})
