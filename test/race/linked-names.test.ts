/** Somebody moves while a run links names: what is linked is what was meant, and nothing outside is written to. */
import { linkSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import type { Fault } from '../support/faulty.js'
import { describeEachSetting, mirror, settings, shownProblem, useFolders } from '../support/mirror.js'
import { canMount, useMounts } from '../support/mounts.js'
import { file, hardLink } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const mounts = useMounts()
const inSource = (path: string): string => join(folders.source, path)
const inReplica = (path: string): string => join(folders.replica, path)

describeEachSetting('while names are linked', setting => {
  it.each(['there', 'made'])('a file put in the place of what was %s is not linked', async which => {
    writeTree(folders.source, { a: 'one', b: hardLink('a') })
    writeTree(folders.replica, which === 'there' ? { a: 'one' } : {})
    const race: Fault['race'] = [
      { do: 'remove', path: inReplica('a') },
      { do: 'write', path: inReplica('a'), content: 'two' },
    ]
    const planted: Fault = { side: 'replica', call: 'link', times: 1, race }
    const { report } = await mirror(folders, setting, {}, [planted])
    expect([readFileSync(inReplica('a'), 'utf8'), readFileSync(inReplica('b'), 'utf8')]).toEqual([
      'two',
      'one',
    ])
    expect(report.residuals.find(({ attribute }) => attribute === 'hard links')?.count).toBe(1)
    expect(report.exact).toBe(false)
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica, { hardLinks: true })
  })

  it('C11: a name of the source that is another file by now is copied', async () => {
    writeTree(folders.source, { a: 'one', b: hardLink('a') })
    // Of the same size and time.
    writeTree(join(folders.path, 'elsewhere'), { other: 'two' })
    const race: Fault['race'] = [
      { do: 'remove', path: inSource('b') },
      { do: 'link', from: join(folders.path, 'elsewhere', 'other'), to: inSource('b') },
    ]
    // When it is looked at once more, to be linked.
    const planted: Fault = { side: 'source', call: 'stat', path: 'b', nth: 2, times: 1, race }
    await mirror(folders, setting, {}, [planted])
    expect([readFileSync(inReplica('a'), 'utf8'), readFileSync(inReplica('b'), 'utf8')]).toEqual([
      'one',
      'two',
    ])
  })

  it('X03: a file that gets a name outside is not changed in place', async () => {
    writeTree(folders.source, { a: file('one', { mode: 0o600 }), b: hardLink('a'), c: 'c' })
    writeTree(folders.replica, { a: file('one', { mode: 0o644 }), b: hardLink('a') })
    const outside = join(folders.path, 'outside')
    const race: Fault['race'] = [{ do: 'link', from: inReplica('b'), to: outside }]
    const planted: Fault = { side: 'replica', call: 'pin', path: 'a', times: 1, race }
    const { problems } = await mirror(folders, setting, {}, [planted])
    expect(problems.map(shownProblem)).toEqual(['replica-changed a'])
    expect(lstatSync(outside).mode & 0o777).toBe(0o644)
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica, { hardLinks: true })
    expect([lstatSync(outside).mode & 0o777, lstatSync(outside).nlink]).toEqual([0o644, 1])
  })

  it('M10, X03: a name outside that is there from the beginning is not written through', async () => {
    writeTree(folders.source, { a: file('one', { mode: 0o600 }) })
    writeTree(folders.replica, { a: file('one', { mode: 0o644 }) })
    linkSync(inReplica('a'), join(folders.path, 'outside'))
    await mirror(folders, setting)
    expect(lstatSync(join(folders.path, 'outside')).mode & 0o777).toBe(0o644)
  })
})

it.each(settings.filter(() => canMount))(
  'nothing is left beside a name, on a mounted file system, that somebody linked meanwhile (T09; $held, $concurrency)',
  async setting => {
    writeTree(folders.source, { m: { a: 'one', b: hardLink('m/a') } })
    writeTree(folders.replica, { m: {} })
    mounts.tmpfs(inReplica('m'))
    writeTree(inReplica('m'), { a: 'one', b: 'old' })
    const race: Fault['race'] = [
      { do: 'remove', path: inReplica('m/b') },
      { do: 'link', from: inReplica('m/a'), to: inReplica('m/b') },
    ]
    // First from the staging directory, which is elsewhere, and then from beside the name.
    const planted: Fault = { side: 'replica', call: 'rename', path: 'm/b', nth: 2, times: 1, race }
    await mirror(folders, setting, {}, [planted])
    expect(readdirSync(inReplica('m')).sort()).toEqual(['a', 'b'])
    expectEqualTrees(folders.source, folders.replica, { hardLinks: true })
  },
)
