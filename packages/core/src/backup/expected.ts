/**
 * What a run left in the replica, from its journals, and whether it is there still. Undoing anything else would
 * overwrite what somebody has done since.
 */
import type { Entry } from '../model/entry.js'
import { joinPath, type Name, type RelativePath } from '../model/path.js'
import { isSameTime } from '../tree/times.js'
import { PathTree } from './path-tree.js'
import type { Told, ToldStep } from './read-journal.js'
import type { Facts, Kept } from './records.js'

type Expected =
  | { readonly is: 'absent' }
  | { readonly is: 'entry'; readonly facts: Facts }
  /** The run was killed before it noted what it left. */
  | { readonly is: 'unknown' }

const absent: Expected = { is: 'absent' }
const unknown: Expected = { is: 'unknown' }

/** What each path that a run touched is to be like, by the names of the end of the run. */
function expectedAfter(told: readonly Told[]): PathTree<Expected> {
  const expected = new PathTree<Expected>()
  const names = new Map<string, Set<RelativePath>>()
  for (const record of told) {
    switch (record.op) {
      case 'move':
        expectMoved(expected, record)
        break
      case 'put':
      case 'makeDirectory':
      case 'set':
      case 'directory':
        // What is done in a directory moves its time: it is noted at the end.
        expected.set(record.path, unknown)
        break
      case 'temporary':
        // A kill may have left it: it is ours to remove, and no sign that somebody added it.
        expected.set(record.path, unknown)
        break
      case 'take':
      case 'removeDirectory':
        expected.set(record.path, record.isSure ? absent : unknown)
        break
      case 'now':
        expectNow(expected, names, record.path, record.now)
        break
      case 'begin':
      case 'failed':
      case 'end':
        break
    }
  }
  return expected
}

/** What is set by one name of a file is so by its others. */
function expectNow(
  expected: PathTree<Expected>,
  names: Map<string, Set<RelativePath>>,
  path: RelativePath,
  facts: Facts,
): void {
  expected.set(path, { is: 'entry', facts })
  if (facts.kind === 'directory') return
  const others = names.get(facts.inode) ?? new Set()
  names.set(facts.inode, others.add(path))
  for (const other of others) {
    const there = expected.get(other)
    if (there?.is === 'entry' && there.facts.inode === facts.inode)
      expected.set(other, { is: 'entry', facts })
  }
}

/** What lies below a directory that is moved goes with it. */
function expectMoved(
  expected: PathTree<Expected>,
  { from, path, isSure }: Extract<ToldStep, { readonly op: 'move' }>,
): void {
  expected.move(from, path)
  expected.set(from, isSure ? absent : unknown)
  expected.set(path, unknown)
}

/** The directories that a run made and left. */
function directoriesMade(told: readonly Told[], expected: PathTree<Expected>): RelativePath[] {
  const made = new PathTree<true>()
  for (const record of told) {
    if (record.op === 'makeDirectory') made.set(record.path, true)
    else if (record.op === 'move') made.move(record.from, record.path)
  }
  return Array.from(made.entries(), ([path]) => path).filter(path => expected.get(path)?.is !== 'absent')
}

/** States that runs left entries in: what is in one of them was changed by nobody else. */
export class KnownStates {
  private readonly states = new Set<string>()
  private readonly inodes = new Set<string>()
  /** Those that had several names: each that comes or goes moves the time of the change of all. */
  private readonly linked = new Set<string>()

  add(told: readonly Told[]): void {
    for (const record of told) {
      const kept = keptOf(record)
      // A run that was killed may have given it a second name, in its backup, which has gone since.
      if (kept !== undefined && (kept.was.links > 1 || ('isSure' in record && !record.isSure)))
        this.linked.add(kept.was.inode)
      if (record.op !== 'now') continue
      const { inode, ctime, links } = record.now
      this.states.add(`${inode}:${ctime}`)
      this.inodes.add(inode)
      if (links > 1) this.linked.add(inode)
    }
  }

  /** Whether an entry is what a run left, or what another run made of that again. */
  isLeft(found: Entry, facts: Facts): boolean {
    const { kind, mode, uid, gid } = facts
    if (found.kind !== kind || found.mode !== mode || found.uid !== uid || found.gid !== gid) return false
    if (!isSameTime(found.mtimeNs, BigInt(facts.mtime))) return false
    if (kind === 'directory') return true
    if (found.size !== facts.size) return false
    const inode = String(found.inode)
    return found.links > 1 || this.linked.has(inode)
      ? this.inodes.has(inode)
      : this.states.has(`${inode}:${found.ctimeNs}`)
  }
}

export interface Looking {
  /** What is at a path now. */
  readonly stat: (path: RelativePath) => Entry | undefined
  readonly list: (path: RelativePath) => readonly Name[]
  /** What is kept in the backup. */
  readonly kept: (at: string) => Entry | undefined
}

/** Why a run cannot be undone, each with where; at most a few. */
export function* differences(told: readonly Told[], known: KnownStates, look: Looking): Generator<string> {
  const expected = expectedAfter(told)
  for (const [path, is] of expected.entries()) {
    if (is.is === 'unknown') continue
    const found = look.stat(path)
    if (is.is === 'absent') {
      if (found !== undefined) yield path
    } else if (found === undefined || !known.isLeft(found, is.facts)) yield path
  }
  for (const directory of directoriesMade(told, expected)) {
    if (look.stat(directory)?.kind !== 'directory') continue
    for (const name of look.list(directory)) {
      const path = joinPath(directory, name)
      if ((expected.get(path) ?? absent).is === 'absent') yield path
    }
  }
}

/** What a run kept and the backup no longer holds as it was. */
export function* lostFromBackup(told: readonly Told[], look: Looking): Generator<RelativePath> {
  for (const record of told) {
    const kept = keptOf(record)
    if (kept === undefined || !('isSure' in record) || !record.isSure) continue
    const found = look.kept(kept.at)
    const { kind, size, mtime } = kept.was
    // What had other names may have got other attributes by one of them, which are taken back first.
    const isSame = kept.was.links > 1 || (found !== undefined && isSameTime(found.mtimeNs, BigInt(mtime)))
    if (found?.kind !== kind || found.size !== size || !isSame) yield record.path
  }
}

function keptOf(record: Told): Kept | undefined {
  return record.op === 'put' || record.op === 'take' || record.op === 'move' ? record.kept : undefined
}
