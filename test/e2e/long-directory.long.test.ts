/** A directory of so many names that they are shared: whoever looks at them, what comes of it is the same. */
import { linkSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { describeEachSetting, mirror, useFolders } from '../support/mirror.js'
import { symlink, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
/** More than two shares. */
const count = 9000
const long: TreeLiteral = Object.fromEntries(
  Array.from({ length: count }, (_, index) => [
    `name ${index}`,
    index % 100 === 1 ? { inside: '' } : index % 100 === 2 ? symlink('target') : '',
  ]),
)

describeEachSetting('a directory of 9,000 names', setting => {
  it('is copied, held equal, and repaired, with links and all that lies below', async () => {
    writeTree(folders.source, { long })
    const at = (name: string): string => join(folders.source, 'long', name)
    // Of one file, names that different threads look at.
    for (const [nth, other] of [10, 4200, 8990].entries()) {
      rmSync(at(`name ${other}`))
      if (nth === 0) writeFileSync(at('name 10'), 'linked')
      else linkSync(at('name 10'), at(`name ${other}`))
    }
    const made = await mirror(folders, setting)
    expect(made.report).toMatchObject({ exitCode: 0, bytes: 6 })
    expectEqualTrees(folders.source, folders.replica)
    expect((await mirror(folders, setting)).changes).toEqual([])
    for (const changed of [20, 4300, 8900]) {
      writeFileSync(at(`name ${changed}`), 'changed')
      rmSync(at(`name ${changed + 1}`), { recursive: true })
      writeFileSync(at(`new ${changed}`), 'new')
    }
    const { report } = await mirror(folders, setting)
    // Two of what is removed are directories with a file in them.
    const changes = { create: { done: 3 }, update: { done: 3 }, delete: { done: 5 } }
    expect(report).toMatchObject({ exitCode: 0, changes })
    expectEqualTrees(folders.source, folders.replica)
  })
})
