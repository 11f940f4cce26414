import * as fs from 'node:fs'
import * as path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { DirectoryWatches } from '../../src/tree/directory-watches.js'
import { entryOfStats } from '../../src/tree/stat.js'

const temporary = useTemporaryDirectory()
const at = (...names: string[]): string => path.join(temporary.path, ...names)
const deadline = { timeout: 10_000, interval: 5 }

let watches: DirectoryWatches | undefined
afterEach(() => watches?.close())

const entryOf = (name: string): ReturnType<typeof entryOfStats> =>
  entryOfStats(fs.lstatSync(at(name), { bigint: true }))

function watching(...directories: string[]): {
  readonly watches: DirectoryWatches
  readonly heard: string[]
} {
  const heard: string[] = []
  const opened = new DirectoryWatches(temporary.path, (directory, name) => heard.push(`${directory}:${name}`))
  watches = opened
  opened.beginWhole()
  for (const directory of directories) opened.arm(directory, entryOf(directory))
  return { watches: opened, heard }
}

describe('watched directories', () => {
  it('tell where something happened, each for itself', async () => {
    writeTree(at('a'), { b: {} })
    const { watches: opened, heard } = watching('', 'a', 'a/b')
    expect(opened.size).toBe(3)
    fs.writeFileSync(at('a/b/x'), 'x')
    fs.chmodSync(at('a'), 0o700)
    await vi.waitFor(() => expect(heard).toEqual(expect.arrayContaining(['a/b:x', ':a'])), deadline)
  })

  it('are known by what they are, not only by their paths', () => {
    writeTree(at('a'), {})
    const { watches: opened } = watching('a')
    const entry = entryOf('a')
    expect(opened.isWatched('a', entry)).toBe(true)
    expect(opened.isWatched('a', { ...entry, inode: entry.inode + 1n })).toBe(false)
    expect(opened.isWatched('b', entry)).toBe(false)
  })

  it('are watched anew where another is at the path, with all below it', () => {
    writeTree(at('a'), { b: {} })
    const { watches: opened } = watching('', 'a', 'a/b')
    const below = entryOf('a/b')
    fs.renameSync(at('a'), at('old'))
    fs.mkdirSync(at('a'))
    opened.arm('a', entryOf('a'))
    expect(opened.isWatched('a', entryOf('a'))).toBe(true)
    expect(opened.isWatched('a/b', below)).toBe(false)
    expect(opened.size).toBe(2)
  })

  it('W10: are dropped when an event said that they went, and they did', async () => {
    writeTree(at('a'), { b: {} })
    const { watches: opened, heard } = watching('', 'a', 'a/b')
    const [entry, below] = [entryOf('a'), entryOf('a/b')]
    fs.renameSync(at('a'), at('c'))
    await vi.waitFor(() => expect(heard).toContain(':a'), deadline)
    expect(opened.isWatched('a', entry)).toBe(true)
    opened.settle()
    expect([opened.isWatched('a', entry), opened.isWatched('a/b', below), opened.size]).toEqual([
      false,
      false,
      1,
    ])
  })

  it('stay where they came back to', async () => {
    writeTree(at('a'), {})
    const { watches: opened, heard } = watching('', 'a')
    fs.renameSync(at('a'), at('c'))
    fs.renameSync(at('c'), at('a'))
    await vi.waitFor(() => expect(heard).toContain(':c'), deadline)
    opened.settle()
    expect(opened.size).toBe(2)
  })

  it('are dropped where a whole walk did not come', () => {
    writeTree(at('a'), {})
    writeTree(at('b'), {})
    const { watches: opened } = watching('', 'a', 'b')
    opened.beginWhole()
    for (const path of ['', 'b']) opened.arm(path, entryOf(path))
    opened.endWhole()
    expect([opened.size, opened.isWatched('a', entryOf('a'))]).toEqual([2, false])
  })

  it('that are gone, or that nobody may look into, are nothing to be told', () => {
    writeTree(at('a'), {})
    const entry = entryOf('a')
    fs.rmdirSync(at('a'))
    const { watches: opened } = watching('')
    opened.arm('a', entry)
    expect([opened.size, opened.unwatched]).toEqual([1, undefined])
  })

  it('tell nothing any more when they are closed', async () => {
    const { watches: opened, heard } = watching('')
    opened.close()
    fs.writeFileSync(at('x'), 'x')
    const other = fs.watch(temporary.path, { persistent: false })
    const later = new Promise(resolve => other.once('change', resolve))
    fs.writeFileSync(at('y'), 'y')
    await later
    other.close()
    expect([opened.size, heard]).toEqual([0, []])
  })
})
