import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { Journal } from '../../src/backup/journal.js'
import type { JournalRecord } from '../../src/backup/records.js'
import type { Tree } from '../../src/tree/tree.js'
import { openTree, systemError, withFileOperations, withOperations } from '../support/trees.js'

const temporary = useTemporaryDirectory()
const temporaryName: JournalRecord = { op: 'temporary', path: 'a\n\udcff' }
const step: JournalRecord & { readonly op: 'makeDirectory' } = { op: 'makeDirectory', path: 'd' }

function lines(): readonly Record<string, unknown>[] {
  const text = readFileSync(join(temporary.path, 'journal-0'), 'utf8')
  return text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))
}

/** A tree that notes what becomes of the journal. */
function noting(tree: Tree, notes: string[], write: () => void = () => undefined): Tree {
  const root = Object.assign(Object.create(tree.root), { flush: () => notes.push('names') })
  return withOperations(tree, {
    root,
    createFile: (directory, name) => {
      const file = tree.createFile(directory, name)
      return withFileOperations(file, {
        write: (bytes, length) => {
          write()
          notes.push('write')
          file.write(bytes, length)
        },
        flush: () => void notes.push('flush'),
        close: () => file.close(),
      })
    },
  })
}

describe('Journal', () => {
  it('is no file before its first record, and private', () => {
    using opened = openTree(temporary.path)
    const journal = new Journal(opened.tree, '0', false)
    expect(opened.tree.list(opened.tree.root)).toEqual([])
    journal.write(temporaryName)
    expect(opened.tree.stat(opened.tree.root, 'journal-0' as never)?.mode).toBe(0o600)
    journal.close()
  })

  it('has one record a line, each later than the one before', () => {
    using opened = openTree(temporary.path)
    const journal = new Journal(opened.tree, '0', false)
    for (const path of ['a', 'b\n', '\udcff']) journal.write({ op: 'temporary', path })
    journal.close()
    expect(lines().map(({ path }) => path)).toEqual(['a', 'b\n', '\udcff'])
    const times = lines().map(({ at }) => BigInt(String(at)))
    expect(times).toEqual([...times].sort((a, b) => (a < b ? -1 : 1)))
  })

  it('has a step before it is made, and after it that it failed', () => {
    using opened = openTree(temporary.path)
    const journal = new Journal(opened.tree, '0', false)
    const failure = new Error('it failed')
    const change = (): never => {
      expect(lines()).toMatchObject([step])
      throw failure
    }
    expect(() => journal.around(step, change)).toThrow(failure)
    expect(lines()).toMatchObject([step, { op: 'failed' }])
    journal.close()
  })

  it('is on the disk with its name before a step of a durable run is made', () => {
    using opened = openTree(temporary.path)
    const notes: string[] = []
    const journal = new Journal(noting(opened.tree, notes), '0', true)
    journal.around(step, () => void notes.push('step'))
    journal.around(step, () => void notes.push('step'))
    journal.close()
    expect(notes).toEqual(['write', 'flush', 'names', 'step', 'write', 'flush', 'step'])
  })

  it('flushes nothing unless it is to', () => {
    using opened = openTree(temporary.path)
    const notes: string[] = []
    const journal = new Journal(noting(opened.tree, notes), '0', false)
    journal.write(step)
    journal.close()
    expect(notes).toEqual(['write'])
  })

  it('gathers what steps left until the next, or the end', () => {
    using opened = openTree(temporary.path)
    const journal = new Journal(opened.tree, '0', false)
    journal.write(step)
    journal.now('d', opened.tree.root.stat())
    journal.now('none', undefined)
    expect(lines()).toHaveLength(1)
    journal.close()
    expect(lines()).toMatchObject([step, { op: 'now', path: 'd', now: { kind: 'directory' } }])
  })

  it('that cannot be written keeps all that follows from being done', () => {
    using opened = openTree(temporary.path)
    let isFull = false
    const tree = noting(opened.tree, [], () => {
      if (isFull) throw systemError('ENOSPC')
    })
    const journal = new Journal(tree, '0', false)
    journal.write(step)
    isFull = true
    let made = 0
    const tried = (): void => journal.around(step, () => void (made += 1))
    expect(tried).toThrow('the journal in the backup folder cannot be written')
    isFull = false
    // A line may be torn: nothing may follow it.
    expect(tried).toThrow('the journal in the backup folder cannot be written')
    expect([made, lines().length]).toEqual([0, 1])
    journal.close()
  })

  it("tells of no system error of its own, which would be the replica's", () => {
    using opened = openTree(temporary.path)
    const tree = noting(opened.tree, [], () => {
      throw systemError('EIO')
    })
    const journal = new Journal(tree, '0', false)
    expect(() => journal.write(step)).toThrow(expect.not.objectContaining({ code: 'EIO' }) as Error)
    journal.close()
  })

  it('does not take what is there for its own', () => {
    appendFileSync(join(temporary.path, 'journal-0'), 'theirs')
    using opened = openTree(temporary.path)
    const journal = new Journal(opened.tree, '0', false)
    expect(() => journal.write(step)).toThrow('EEXIST')
    expect(readFileSync(join(temporary.path, 'journal-0'), 'utf8')).toBe('theirs')
    journal.close()
  })
})
