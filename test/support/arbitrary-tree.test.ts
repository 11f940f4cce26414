import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arbitraryName, treeLiteral } from './arbitrary-tree.js'
import { bytesOfText, textOf } from './byte-names.js'
import { isRoot } from './entry-kind.js'
import { hostileNames } from './hostile-names.js'
import { type Snapshot, snapshotOf } from './read-tree.js'
import { showLiteral } from './show-literal.js'
import { fifo, file, symlink } from './tree-literal.js'

function sample(options?: Parameters<typeof treeLiteral>[0]): readonly Snapshot[] {
  return fc.sample(treeLiteral(options), { numRuns: 300, seed: 1 }).map(tree => snapshotOf(tree))
}

function kindsOf(trees: readonly Snapshot[]): Set<string> {
  return new Set(trees.flatMap(tree => Object.values(tree).map(({ kind }) => kind)))
}

function early(trees: readonly Snapshot[]): boolean {
  return trees.some(tree => Object.values(tree).some(({ mtimeNs }) => mtimeNs.startsWith('-')))
}

test('every kind comes up, FIFOs only when asked for', () => {
  expect(kindsOf(sample())).toEqual(new Set(['file', 'directory', 'symlink']))
  expect(kindsOf(sample({ fifos: true }))).toContain('fifo')
})

test('times before 1970 only when asked for', () => {
  expect(early(sample())).toBe(false)
  expect(early(sample({ before1970: true }))).toBe(true)
})

test('an owner is shut out only when asked for', () => {
  const modes = sample({ unreadable: false }).flatMap(tree =>
    Object.values(tree).flatMap(({ mode, kind }) => (mode === undefined ? [] : [{ mode, kind }])),
  )
  for (const { mode, kind } of modes) {
    const owner = (Number.parseInt(mode, 8) >> 6) & 7
    expect(owner & (kind === 'file' ? 4 : 7)).toBe(kind === 'file' ? 4 : 7)
  }
})

test.runIf(isRoot)('root reads entries that shut everybody out', () => {
  const shut = sample().flatMap(tree => Object.values(tree).filter(({ mode }) => /^.[0-3]/.test(mode ?? '')))
  expect(shut.length).toBeGreaterThan(10)
})

test('a counterexample is shown as a literal', () => {
  const tree = { a: file('x'), d: { e: symlink('a'), pipe: fifo() }, zeros: new Uint8Array(500) }
  const attributes = '{ mode: 0o644, mtime: 1577934245678912000n }'
  expect(showLiteral(tree).split('\n')).toEqual([
    'directory({',
    `"a": file(bytes('78'), ${attributes}),`,
    '"d": directory({',
    '"e": symlink("a", { mtime: 1577934245678912000n }),',
    `"pipe": fifo(${attributes}),`,
    '}, { mode: 0o755, mtime: 1577934245678912000n }),',
    `"zeros": file(Buffer.alloc(500, 0), ${attributes}),`,
    '}, { mode: 0o755, mtime: 1577934245678912000n })',
  ])
  const [sampled] = fc.sample(treeLiteral(), { numRuns: 1, seed: 1 })
  expect(fc.stringify(sampled)).toMatch(/^directory\(\{/)
})

test('names are names, and hostile ones come up', () => {
  const names = fc.sample(arbitraryName, { numRuns: 2000, seed: 1 })
  for (const name of names) {
    const bytes = bytesOfText(name)
    expect(bytes).toMatch(/^(?!\.\.?$)[^\0/]{1,255}$/s)
    expect(textOf(bytes)).toBe(name)
  }
  expect(hostileNames.filter(name => names.includes(name)).length).toBeGreaterThan(hostileNames.length * 0.9)
})
