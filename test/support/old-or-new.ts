import { expect } from 'vitest'
import type { Snapshot, SnapshotEntry } from './read-tree.js'

/**
 * Law L4: each path holds what it held, or what the source holds, whole. A directory's attributes are settled
 * last, but its kind is never in between.
 */
export function expectOldOrNew(now: Snapshot, old: Snapshot, source: Snapshot): void {
  for (const path of new Set([...Object.keys(now), ...Object.keys(old)])) {
    const wanted = [old[path], source[path]].map(shown)
    expect(wanted, path).toContain(shown(now[path]))
  }
}

function shown(entry: SnapshotEntry | undefined): string {
  return entry?.kind === 'directory' ? 'directory' : JSON.stringify(entry ?? 'absent')
}

/** The time of every directory is the one it had, or the one the source gives it: none was left as work left it. */
export function expectTimesRestored(now: Snapshot, old: Snapshot, source: Snapshot): void {
  for (const [path, entry] of Object.entries(now)) {
    if (entry.kind !== 'directory') continue
    expect([old[path]?.mtimeNs, source[path]?.mtimeNs], `time of ${path}`).toContain(entry.mtimeNs)
  }
}
