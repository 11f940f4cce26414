/** More names than ext4 allows a file (fault N40), and very many files with two names. */
import { linkSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { canMake, fileSystems } from '../support/file-systems.js'
import { type Folders, mirror, settings, useFolders } from '../support/mirror.js'
import { useFileSystem } from '../support/mounted.js'

const folders = useFolders()
const ext4 = fileSystems.filter(each => each.name === 'ext4' && canMake(each))
const most = 65_000

describe.each(ext4)('on $name', fileSystem => {
  const mounted = useFileSystem(fileSystem)

  it.each(settings)('T07: 65,002 names are held as two files ($held, $concurrency)', async setting => {
    const names = Array.from({ length: most + 2 }, (_, index) => `f${String(index).padStart(5, '0')}`)
    mkdirSync(folders.source)
    const [first = '', ...others] = names.map(name => join(folders.source, name))
    writeFileSync(first, 'one')
    for (const path of others) linkSync(first, path)
    const where: Folders = {
      path: folders.path,
      source: folders.source,
      replica: join(mounted.path, `${setting.held}-${setting.concurrency}`),
    }
    const { report, problems } = await mirror(where, setting)
    expect(problems).toEqual([])
    expect(report).toMatchObject({ exitCode: 0, bytes: 6, changes: { link: { done: most } } })
    expect(report.residuals.find(({ attribute }) => attribute === 'hard links')).toMatchObject({
      count: 2,
      example: 'f65000',
    })
    const numbers = (name: string): readonly number[] => {
      const { ino, nlink } = lstatSync(join(where.replica, name))
      return [ino, nlink]
    }
    const [large, small] = [numbers('f00000'), numbers('f65000')]
    expect([large[1], small[1]]).toEqual([most, 2])
    expect(names.filter((name, index) => numbers(name)[0] !== (index < most ? large : small)[0])).toEqual([])
    expect((await mirror(where, setting)).changes).toEqual([])
  })
})

describe('with 50,000 files of two names', () => {
  it.each(settings)('all are held, and the second run plans nothing ($held, $concurrency)', async setting => {
    for (let folder = 0; folder < 500; folder++) {
      const at = join(folders.source, String(folder))
      mkdirSync(at, { recursive: true })
      for (let index = 0; index < 100; index++) {
        const path = join(at, `f${index}`)
        writeFileSync(path, 'x')
        linkSync(path, join(at, `g${index}`))
      }
    }
    const { report } = await mirror(folders, setting)
    expect(report).toMatchObject({
      exitCode: 0,
      changes: { link: { done: 50_000 }, create: { done: 50_501 } },
    })
    expect((await mirror(folders, setting)).changes).toEqual([])
  })
})
