import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { pruneRuns, removeKept } from '../../src/backup/prune.js'
import { openTree } from '../support/trees.js'

const temporary = useTemporaryDirectory()
const at = (path: string): string => join(temporary.path, path)
const there = { path: '/r', device: 5n, inode: 7n }
const day = 86_400_000
const noon = Date.parse('2026-01-10T12:00:00.000Z')
const idOf = (date: number): string => `202601${String(date).padStart(2, '0')}T000000000Z-00000a`

function write(date: number, replica = '/r'): void {
  mkdirSync(at(`${idOf(date)}/kept-0`), { recursive: true })
  const begin = { at: '1', op: 'begin', version: 1, replica, device: '5', root: '7' }
  writeFileSync(at(`${idOf(date)}/journal-main`), `${JSON.stringify(begin)}\n`)
  writeFileSync(at(`${idOf(date)}/kept-0/1`), 'kept')
}

function prune(keep: Parameters<typeof pruneRuns>[2]): readonly string[] {
  using opened = openTree(temporary.path)
  pruneRuns(opened.opened.spec, there, keep, noon)
  return readdirSync(temporary.path).sort()
}

it('removes the oldest runs, so that so many are left', () => {
  for (const date of [3, 1, 2]) write(date)
  expect(prune({ runs: 2 })).toEqual([idOf(2), idOf(3)])
  expect(prune({ runs: 2 })).toEqual([idOf(2), idOf(3)])
  expect(prune({ runs: 9 })).toEqual([idOf(2), idOf(3)])
})

it('removes what is older than so long', () => {
  for (const date of [7, 8, 9]) write(date)
  expect(prune({ forMs: 3 * day })).toEqual([idOf(8), idOf(9)])
})

it('leaves the runs of others, though root and device are the same, and what is no run', () => {
  write(1, '/other')
  write(2)
  mkdirSync(at('mine'))
  mkdirSync(at(idOf(3)))
  expect(prune({ runs: 0 })).toEqual([idOf(1), idOf(3), 'mine'])
})

it('removeKept: of what is undone the journals stay', () => {
  write(1)
  using opened = openTree(temporary.path)
  removeKept(opened.opened.spec, idOf(1))
  expect(readdirSync(at(idOf(1)))).toEqual(['journal-main'])
})
