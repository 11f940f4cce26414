/** Law L2: a run that has nothing to do makes no mutating call beneath either root, and says the same each time. */
import { describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { driveTraced } from '../support/drive.js'
import { hostileNames } from '../support/hostile-names.js'
import { holding, settings, useFolders } from '../support/mirror.js'
import { directory, fifo, file, symlink, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'
import { canStrace } from '../support/can-strace.js'

const folders = useFolders()

const source: TreeLiteral = {
  a: file('a', { mode: 0o600 }),
  d: directory({ b: 'b', link: symlink('../a'), sub: {} }, { mode: 0o711 }),
  dangling: symlink('nowhere'),
  pipe: fifo(),
  names: new Map(hostileNames.map(name => [name, name])),
}

describe.skipIf(!canStrace)('a run that has nothing to do (needs strace)', () => {
  it.each(settings)('changes nothing beneath either root ($held, $concurrency)', async setting => {
    writeTree(folders.source, directory(source, { mtime: '2011-11-11T11:11:11.111111Z' }))
    const first = await driveTraced(folders, setting)
    expect(first?.mutations.length).toBeGreaterThan(hostileNames.length)
    expect(
      first?.mutations.filter(({ paths }) => paths.some(path => isWithin(path, folders.source))),
    ).toEqual([])
    expectEqualTrees(folders.source, folders.replica, { ignore: path => path === 'pipe' })
    const second = await driveTraced(folders, setting)
    expect(JSON.parse(second?.result.stdout ?? '')).toMatchObject({ report: { exitCode: 0 }, changes: [] })
    expect(second?.mutations).toEqual([])
  })

  it.each(['dryRun', 'compare'] as const)('D14: nor does a run that only looks (%s)', async what => {
    writeTree(folders.source, source)
    writeTree(folders.replica, { a: 'older', old: { x: 'x' }, d: 'a file' })
    const options = what === 'dryRun' ? { dryRun: true } : { dryRun: true, compare: 'content' as const }
    const traced = await driveTraced(folders, { held: holding, concurrency: 2 }, options)
    expect(JSON.parse(traced?.result.stdout ?? '').changes.length).toBeGreaterThan(10)
    expect(traced?.mutations).toEqual([])
  })
})

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`)
}
