/** Runs beside each other: independent ones in one process, and one at a time for each replica. */
import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { syncWith } from '../support/core.mjs'
import { expectEqualTrees } from '../support/compare-trees.js'
import { faulty } from '../support/faulty.js'
import { describeEachSetting, describeEachWay, type Folders, mirror, useFolders } from '../support/mirror.js'
import { readTree } from '../support/read-tree.js'
import type { TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const flock = ['/usr/bin/flock', '/bin/flock', '/usr/local/bin/flock'].find(path => existsSync(path))

function treeOf(content: string): TreeLiteral {
  const files = Object.fromEntries(
    Array.from({ length: 25 }, (_, index) => [`file ${index}`, `${content} ${index}`]),
  )
  return { ...files, sub: { ...files, [content]: {} } }
}

function pair(name: string): Folders {
  const { path } = folders
  return { path: join(path, name), source: join(path, name, 'source'), replica: join(path, name, 'replica') }
}

describeEachSetting('two runs at once in one process', setting => {
  it('O10: on other folders know nothing of each other', async () => {
    const pairs = ['one', 'two', 'three'].map(pair)
    for (const [index, { source, replica }] of pairs.entries()) {
      writeTree(source, treeOf(`content ${index}`))
      writeTree(replica, treeOf('old'))
    }
    const runs = await Promise.all(
      pairs.map((each, index) =>
        mirror(each, setting, { exclude: index === 2 ? ['sub'] : [], hasher: 'xxh64' }),
      ),
    )
    expect(runs.map(({ report }) => report.exitCode)).toEqual([0, 0, 0])
    for (const [index, { source, replica }] of pairs.entries()) {
      expectEqualTrees(source, replica, { ignore: path => index === 2 && path === 'sub' })
    }
  })

  it('L01: on one replica: one of them is refused (27), the other is done, and a third may follow', async () => {
    writeTree(folders.source, treeOf('newer'))
    writeTree(folders.replica, treeOf('old'))
    // Both have planned before one of them begins, and who begins goes on when the other has been refused.
    const events = new EventEmitter()
    const [bothPlanned, refused] = [once(events, 'both planned'), once(events, 'refused')]
    let planned = 0
    const plan = async (): Promise<void> => {
      planned += 1
      if (planned === 2) events.emit('both planned')
      await bothPlanned
    }
    const on = { plan, outcome: async () => void (await refused) }
    const run = async (): Promise<number> => {
      const { source, replica } = folders
      const { internals } = faulty([], setting.concurrency > 1)
      const { exitCode } = await syncWith({ source, replica, ...setting, on, reject: false }, internals)
      if (exitCode === 27) events.emit('refused')
      return exitCode
    }
    expect((await Promise.all([run(), run()])).sort((a, b) => a - b)).toEqual([0, 27])
    expectEqualTrees(folders.source, folders.replica)
    const third = await mirror(folders, setting)
    expect(third.report.exitCode).toBe(0)
  })
})

describeEachWay('a replica that another process has locked', setting => {
  it.skipIf(flock === undefined)(
    'L01, L04: is refused and left alone, and free when that process is gone (needs flock)',
    async () => {
      writeTree(folders.source, treeOf('newer'))
      writeTree(folders.replica, treeOf('old'))
      const before = readTree(folders.replica)
      const other = spawn(flock ?? '', [folders.replica, 'sh', '-c', 'echo locked; cat'])
      await once(other.stdout, 'data')
      const { report, problems } = await mirror(folders, setting)
      expect(report.exitCode).toBe(27)
      expect(problems).toEqual([])
      expect(readTree(folders.replica)).toEqual(before)
      await expect(mirror(folders, setting, { reject: true })).rejects.toMatchObject({
        code: 'locked',
        exitCode: 27,
      })
      // Who only looks needs no lock.
      expect((await mirror(folders, setting, { dryRun: true })).report.exitCode).toBe(0)
      other.stdin.end()
      await once(other, 'exit')
      await mirror(folders, setting)
      expectEqualTrees(folders.source, folders.replica)
    },
  )

  it('is asked for only when there is something to do', async () => {
    writeTree(folders.source, treeOf('same'))
    await mirror(folders, setting)
    const { faults } = await mirror(folders, setting, {}, [])
    expect(faults.calls.inMain).toBeGreaterThan(0)
    expect(existsSync(join(folders.path, 'state', 'locks'))).toBe(false)
  })
})
