/**
 * Several replicas are each what one alone would be: over any trees, and edits on all sides, each equals the source, and its plan and its
 * report are those of a run of this replica alone.
 */
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import type { Change, ManySyncOptions, Report } from '@facsimile/core'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { syncManyWith, syncWith } from '../support/core.mjs'
import { holding, shownChange, useFolders } from '../support/mirror.js'
import { randomEdits } from '../support/random-edits.js'
import { randomTree } from '../support/random-tree.js'

const folders = useFolders()
const seed = Number(process.env['FACSIMILE_TEST_SEED'] ?? randomInt(2 ** 31))
const names = ['one', 'two', 'three'] as const
const rounds = 3

function at(name: string): string {
  return join(folders.path, name)
}

/** All of a report that does not depend on where and when. */
function comparable({ exitCode, exact, unchanged, changes, bytes, residuals, problems }: Report): unknown {
  return { exitCode, exact, unchanged, changes, bytes, residuals, problems }
}

/** The same replica once more, to be mirrored alone. */
function twin(name: string): string {
  const path = at(`${name} alone`)
  spawnSync('rm', ['-rf', path])
  const { status, stderr } = spawnSync('cp', ['-a', at(name), path], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return path
}

it
  .skipIf(process.platform !== 'linux')
  .each([
    {},
    { compare: 'content', hasher: 'sha256', renames: false },
    { concurrency: 1, renames: false },
  ] as const)(`each is what it would be alone, again and again (%j; seed ${seed})`, async options => {
  const { source } = folders
  const codes = new Set<number>()
  randomTree(source, { seed, entries: 80 })
  for (const [index, name] of names.entries()) randomTree(at(name), { seed: seed + index, entries: 40 })
  const allowed = {
    held: holding,
    reject: false,
    stateFolder: at('state'),
    maxDelete: '100%',
    ...options,
  } as const
  for (let round = 0; round < rounds; round++) {
    const alone = names.map(name => twin(name))
    const plans = new Map<string, string[]>()
    const note = (changes: Iterable<Change>, replica: string): void =>
      void plans.set(replica, [...changes].map(shownChange))
    const many: ManySyncOptions = {
      ...allowed,
      source,
      replicas: names.map(at),
      on: { plan: ({ changes }, replica) => note(changes, replica) },
    }
    const { replicas } = await syncManyWith(many)
    for (const [index, replica] of alone.entries()) {
      const on = {
        plan: ({ changes }: { readonly changes: Iterable<Change> }): void => note(changes, replica),
      }
      const single = await syncWith({ ...allowed, source, replica, on }, {})
      const name = names[index] ?? ''
      expect(plans.get(at(name)), `${name}, round ${round}`).toEqual(plans.get(replica))
      expect(replicas[index] && comparable(replicas[index].report)).toEqual(comparable(single))
      // What a run alone leaves undone is left undone here, too.
      expectEqualTrees(single.exitCode === 0 ? source : replica, at(name))
      codes.add(single.exitCode)
    }
    randomEdits(source, { seed: seed + round, count: 25 })
    for (const [index, name] of names.entries())
      randomEdits(at(name), { seed: seed - round * 3 - index, count: 15 })
  }
  expect(codes.has(0)).toBe(true)
})
