import { syncFolders, SyncError, type SyncOptions } from '@facsimile/core'
import { describe, expect, it } from 'vitest'
import { useFolders } from '../../../test/support/mirror.js'
import { readTree } from '../../../test/support/read-tree.js'
import { file } from '../../../test/support/tree-literal.js'
import { writeTree } from '../../../test/support/write-tree.js'

const folders = useFolders()

/** Runs with a function that answers this; what the run rejects with, and that it changed nothing. */
async function errorOf(options: Partial<SyncOptions>): Promise<unknown> {
  writeTree(folders.source, { a: 'new content', d: { b: 'b' } })
  writeTree(folders.replica, { a: file('old', { mtime: '2010-01-01T00:00:00Z' }), old: { keep: 'k' } })
  const before = readTree(folders.replica)
  const { source, replica } = folders
  const error: unknown = await syncFolders({ source, replica, concurrency: 1, ...options }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(readTree(folders.replica)).toEqual(before)
  return error
}

const answers: readonly [shown: string, answer: unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['0', 0],
  ['1', 1],
  ["''", ''],
  ["'false'", 'false'],
  ["[ 'match' ]", ['match']],
]

function expectRefused(error: unknown, option: string, shown: string): void {
  expect(error).toBeInstanceOf(SyncError)
  expect(error).toMatchObject({ code: 'invalid-options', exitCode: 2 })
  expect((error as SyncError).message).toContain(
    `option "${option}": expected a function that returns true or false; found that it returned ${shown} for "`,
  )
}

describe('filter', () => {
  it.each(answers)('that answers %s stops the run, and nothing is changed', async (shown, answer) => {
    expectRefused(await errorOf({ filter: () => answer as boolean }), 'filter', shown)
  })

  it('that is asynchronous stops the run, and nothing is changed', async () => {
    const filter = (async () => await Promise.resolve(false)) as unknown as () => boolean
    expectRefused(await errorOf({ filter }), 'filter', 'a promise')
  })

  it('that is asynchronous and fails does so unheard', async () => {
    const filter = (async () => await Promise.reject(new Error('mine'))) as unknown as () => boolean
    expectRefused(await errorOf({ filter, reject: false }), 'filter', 'a promise')
  })
})

describe('compare', () => {
  it.each(answers)('that answers %s stops the run, and nothing is changed', async (shown, answer) => {
    expectRefused(await errorOf({ compare: () => answer as boolean }), 'compare', shown)
    expectRefused(await errorOf({ compare: () => Promise.resolve(answer as boolean) }), 'compare', shown)
  })

  it.each([true, false])('may promise %s', async same => {
    writeTree(folders.source, { a: 'new' })
    writeTree(folders.replica, { a: 'old' })
    const { source, replica } = folders
    await syncFolders({ source, replica, compare: () => Promise.resolve(same) })
    expect(readTree(replica)['a']).toMatchObject({ content: same ? 'old' : 'new' })
  })
})
