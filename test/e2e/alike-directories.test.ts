/**
 * Directories that another may be taken for: names, sizes and all times are the same, and the contents are not. What has
 * another path holds what the source has there, whatever was renamed for it.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { describeEachSetting, mirror, useFolders } from '../support/mirror.js'

const folders = useFolders()

function at(path: string): string {
  return join(folders.source, path)
}

/** Not in whole microseconds, as Node would set it: those are taken for set by hand, and what has them is read. */
function setTime(path: string, second: number): void {
  execFileSync('touch', ['-d', `@${second}.123456789`, at(path)])
}

function copyTime(from: string, to: string): void {
  execFileSync('touch', ['-r', at(from), at(to)])
}

/** Two files in each of the directories, all of one time and size, and no two of one content. */
function fill(first: string, ...others: readonly string[]): void {
  for (const [index, directory] of [first, ...others].entries()) {
    mkdirSync(at(directory), { recursive: true })
    for (const name of ['f', 'g']) {
      writeFileSync(at(`${directory}/${name}`), `${index}${name}`)
      setTime(`${directory}/${name}`, 1_500_000_000)
    }
    copyTime(first, directory)
  }
}

function move(from: string, to: string): void {
  mkdirSync(dirname(at(to)), { recursive: true })
  renameSync(at(from), at(to))
}

function swapInside(directory: string): void {
  move(`${directory}/f`, `${directory}/aside`)
  move(`${directory}/g`, `${directory}/f`)
  move(`${directory}/aside`, `${directory}/g`)
}

/** The uppermost get times that no other has, which the clock gives only to what is made slowly. */
function giveTimes(): void {
  for (const [index, name] of readdirSync(folders.source).entries()) {
    setTime(name, 1_600_000_000 + index)
  }
}

const cases = [
  {
    what: 'of two versions side by side one goes, and the other is renamed',
    before: () => fill('a/one', 'a/two'),
    edit: () => {
      rmSync(at('a/one'), { recursive: true })
      move('a/two', 'a/three')
    },
  },
  {
    what: 'a version comes from elsewhere under a new name, where the other one was',
    before: () => fill('a/one', 'b/two'),
    edit: () => {
      rmSync(at('a/one'), { recursive: true })
      move('b/two', 'a/three')
    },
  },
  {
    what: 'of two versions one goes, and the other comes to a new directory',
    before: () => fill('a/one', 'b/two'),
    edit: () => {
      rmSync(at('a/one'), { recursive: true })
      move('b/two', 'new/three')
    },
  },
  {
    what: 'names were swapped in one that is renamed',
    before: () => fill('a'),
    edit: () => {
      swapInside('a')
      move('a', 'b')
    },
  },
  {
    what: 'names were swapped in one below, and what is above it renamed where it is',
    before: () => fill('a/in'),
    edit: () => {
      swapInside('a/in')
      move('a', 'b')
    },
  },
  {
    what: 'of one in another, of one time, the inner becomes the outer, and holds it at the same place',
    before: () => {
      fill('in/d', 'in/d/a/b')
      mkdirSync(at('in/d/a/b/a'))
      for (const path of ['in/d/a/b', 'in/d']) setTime(path, 1_550_000_000)
    },
    edit: () => {
      move('in/d/a/b', 'in/e')
      move('in/d', 'in/e/a/b')
    },
  },
  {
    what: 'names were swapped in one below, and what is above it moved elsewhere',
    before: () => {
      fill('a/in')
      for (const name of ['p', 'q', 'r']) writeFileSync(at(`a/${name}`), name)
    },
    edit: () => {
      swapInside('a/in')
      move('a', 'new/b')
    },
  },
] as const

describeEachSetting('directories that are alike', setting => {
  it.each(cases)('$what', async ({ before, edit }) => {
    mkdirSync(folders.source)
    writeFileSync(at('stays'), '')
    before()
    giveTimes()
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
    edit()
    const { problems } = await mirror(folders, setting, { maxDelete: '100%' })
    expect(problems).toEqual([])
    expectEqualTrees(folders.source, folders.replica)
  })
})
