import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DirectoryRows } from '../../src/model/directory-rows.js'
import { NameColumn } from '../../src/model/name-column.js'
import type { Name } from '../../src/model/path.js'

/** What is done next, by numbers that say of which of the directories there are by then. */
const anyStep = fc.oneof(
  fc.record({ what: fc.constant('file' as const), of: fc.nat() }),
  fc.record({ what: fc.constant('directory' as const), of: fc.nat() }),
  fc.record({ what: fc.constant('drop' as const), of: fc.nat() }),
)

class Tried {
  readonly names = new NameColumn()
  readonly all: DirectoryRows = new DirectoryRows(this.names)
  /** By directory what it should hold. */
  readonly held = new Map<number, number[]>()
  readonly parents = new Map<number, number | undefined>()

  add(parent: number | undefined, isDirectory: boolean): void {
    const row = this.parents.size
    this.names.push(`n${row}` as Name)
    this.all.push(parent)
    this.parents.set(row, parent)
    if (parent !== undefined) this.held.get(parent)?.push(row)
    if (!isDirectory) return
    this.all.addNode(row, true, row % 2 === 0)
    this.held.set(row, [])
  }
}

describe('rows in directories', () => {
  it('are found from either end, in whatever order they were added and dropped', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 200 }), steps => {
        const tried = new Tried()
        tried.add(undefined, true)
        for (const { what, of } of steps) {
          const directories = [...tried.held.keys()]
          const directory = directories[of % directories.length] ?? 0
          if (what !== 'drop') tried.add(directory, what === 'directory')
          else tried.all.dropLast(tried.held.get(directory)?.pop() ?? -1)
        }
        for (const [row, parent] of tried.parents) {
          const held = tried.held.get(row)
          expect(tried.all.directoryOf(row)?.row).toBe(parent)
          expect(tried.all.nodeOf(row)?.rows).toEqual(held)
          expect(tried.all.nodeOf(row)?.isEmpty).toBe(held === undefined ? undefined : held.length === 0)
          expect(tried.all.nodeOf(row)?.parent).toBe(
            held === undefined || parent === undefined ? undefined : tried.all.nodeOf(parent),
          )
          expect(tried.all.nodeOf(row)?.inSource).toBe(held === undefined ? undefined : true)
          expect(tried.all.nodeOf(row)?.inReplica).toBe(held === undefined ? undefined : row % 2 === 0)
          expect(tried.all.nodeOf(row)?.name).toBe(held === undefined ? undefined : `n${row}`)
        }
      }),
    )
  })

  it('are in no directory where there is no such row', () => {
    const { all } = new Tried()
    expect([all.directoryOf(0), all.nodeOf(0), all.lastIn(0), all.before(0)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })
})
