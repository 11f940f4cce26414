/** Mirrors a copy of a real tree, edits it at random, mirrors it again; each time two judges find it equal. */
import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { expect } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { driveTraced } from '../support/drive.js'
import { type Folders, mirror, type Setting } from '../support/mirror.js'
import { randomEdits } from '../support/random-edits.js'
import type { RealTree } from '../support/real-trees.js'
import { hasRsync, rsyncDifferences } from '../support/rsync.js'

export type Course = {
  readonly seed: number
  readonly rounds: number
  /** In each round. */
  readonly edits: number
}

export async function mirrorAndEdit(
  { path }: RealTree,
  folders: Folders,
  setting: Setting,
  { seed, rounds, edits }: Course,
): Promise<void> {
  copyTree(path, folders.source)
  const first = await expectMirrored(folders, setting, `seed ${seed}`)
  expect(first).toBeGreaterThan(100)
  for (let round = 0; round < rounds; round += 1) {
    const log = randomEdits(folders.source, { seed: seed + round, count: edits })
    const changes = await expectMirrored(folders, setting, `seed ${seed + round}, after\n${log.join('\n')}`)
    expect(changes).toBeGreaterThan(edits / 4)
  }
}

async function expectMirrored(folders: Folders, setting: Setting, course: string): Promise<number> {
  const { report, problems, changes } = await mirror(folders, setting)
  try {
    expect(problems).toEqual([])
    expect(report.exitCode).toBe(0)
    expectEqualTrees(folders.source, folders.replica)
    if (hasRsync) expect(await rsyncDifferences(folders.source, folders.replica)).toEqual([])
    const second = await mirror(folders, setting)
    expect(second.changes).toEqual([])
    const traced = await driveTraced(folders, setting)
    expect(traced?.mutations ?? []).toEqual([])
  } catch (error) {
    throw new Error(course, { cause: error })
  }
  return changes.length
}

/** With everything it has, where there is a `cp` that can. */
function copyTree(from: string, to: string): void {
  if (spawnSync('cp', ['-a', from, to]).status === 0) return
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
}
