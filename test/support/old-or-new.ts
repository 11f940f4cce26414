/** Judgements on snapshots of a tree before and after a run. */
import { expect } from 'vitest'
import type { Snapshot, SnapshotEntry } from './read-tree.js'

/**
 * Law L4: each path holds what it held, or what the source holds, whole. A directory's attributes are settled
 * last, but its kind is never in between.
 */
export function expectOldOrNew(now: Snapshot, old: Snapshot, source: Snapshot): void {
  const torn = [...new Set([...Object.keys(now), ...Object.keys(old)])].filter(
    path => ![old[path], source[path]].map(shown).includes(shown(now[path])),
  )
  expect(only(now, torn)).toEqual({})
  expect(torn).toEqual([])
}

function shown(entry: SnapshotEntry | undefined): string {
  return entry?.kind === 'directory' ? 'directory' : JSON.stringify(entry ?? 'absent')
}

/** The time of every directory is the one it had, or the one the source gives it: none was left as work left it. */
export function expectTimesRestored(now: Snapshot, old: Snapshot, source: Snapshot): void {
  const moved = Object.entries(now).filter(
    ([path, { kind, mtimeNs }]) =>
      kind === 'directory' && ![old[path]?.mtimeNs, source[path]?.mtimeNs].includes(mtimeNs),
  )
  expect(Object.fromEntries(moved)).toEqual({})
}

/** Those entries of a snapshot; absent ones are left out. */
export function only(snapshot: Snapshot, paths: readonly string[]): Snapshot {
  return Object.fromEntries(Object.entries(snapshot).filter(([path]) => paths.includes(path)))
}
