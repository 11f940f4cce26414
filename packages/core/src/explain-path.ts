/**
 * Says of one path what a run would do with it, and why. All is planned as for a run, so that what depends on other paths,
 * such as renames and what is withheld, is told as it would be. Then, from the root down:
 *
 * 1. where the path, or a directory above it, is left out: by which rule
 * 2. what is planned for it: which attributes differ, and what they were and will be
 * 3. what neither is: equal, out of scope, or not there
 */
import { describeChange, type ExplainedDifference } from './describe-change.js'
import { findRule, type ExplainedRule } from './find-rule.js'
import { failWith } from './conclude.js'
import type { Change } from './model/change.js'
import type { Entry } from './model/entry.js'
import { SyncError } from './model/errors.js'
import { NodeMark } from './model/node-mark.js'
import { type PairTable, pathOfRow } from './model/pairs.js'
import { baseName, isWithin, parentPath, type RelativePath, splitPath } from './model/path.js'
import type { Plan } from './model/plan.js'
import { rowAt } from './model/row-at.js'
import type { SyncOptions } from './options.js'
import { BothSides } from './both-sides.js'
import { inSession, type Session } from './session.js'
import { settingsForReading } from './settings-for-reading.js'
import { makePlan, type Planned } from './sync-folders.js'
import { escapeName } from './tree/names.js'
import { includesAll } from './walk/include.js'

/** What a run would do with one path, and why. Plain data. */
export interface Explanation {
  readonly path: RelativePath
  readonly verdict: 'changed' | 'equal' | 'left out' | 'out of scope' | 'moved away' | 'kept' | 'absent'
  /** One sentence, names in it escaped. */
  readonly message: string
  /** What leaves the path out, or a directory above it. */
  readonly rule: ExplainedRule | undefined
  readonly change: Change | undefined
  /** What differs, the replica's value first. */
  readonly differences: readonly ExplainedDifference[]
  readonly source: Entry | undefined
  readonly replica: Entry | undefined
}

export async function explain(options: SyncOptions, given: string): Promise<Explanation> {
  const path = relativePath(given)
  const settings = settingsForReading(options, 'an explanation')
  const { result, conclude } = await inSession({ ...settings, on: {} }, {}, async session => {
    const planned = await makePlan(session)
    const sides = new BothSides(session)
    try {
      return explainIn({ session, options, planned, sides }, path)
    } finally {
      sides.close()
    }
  })
  return result ?? failWith(conclude())
}

function relativePath(given: unknown): RelativePath {
  const path = typeof given === 'string' ? given.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '') : undefined
  if (path === '' || path === '.') return ''
  const isPath = path !== undefined && path.split('/').every(name => !/^\.{0,2}$|\0/.test(name))
  if (isPath) return path
  const message = `a path relative to both folders is expected, without ".."; found ${JSON.stringify(given)}`
  throw new SyncError('invalid-options', 2, message)
}

interface Explaining {
  readonly session: Session
  readonly options: SyncOptions
  readonly planned: Planned
  readonly sides: BothSides
}

type Told = Pick<Explanation, 'verdict'> &
  Partial<Pick<Explanation, 'rule' | 'change' | 'differences'>> & {
    /** What follows the path. */
    readonly says: string
  }

function explainIn(explaining: Explaining, path: RelativePath): Explanation {
  const { source, replica } = explaining.sides.at(path)
  const { says, ...told } = verdictOn(explaining, path, { source, replica })
  const message = `${shown(path)}: ${says}`
  return { path, message, rule: undefined, change: undefined, differences: [], ...told, source, replica }
}

function verdictOn(
  explaining: Explaining,
  path: RelativePath,
  { source, replica }: Pick<Explanation, 'source' | 'replica'>,
): Told {
  const { planned, session, sides } = explaining
  const { plan } = planned
  if (!isListed(session.settings.files, path))
    return { verdict: 'out of scope', says: 'not among the listed paths (--files-from)' }
  for (const above of fromRoot(path)) {
    const rule = findRule(explaining, above)
    if (rule === undefined) continue
    const where = above === path ? '' : `, with ${shown(above)}`
    const kept = replica === undefined ? '' : keptNote(session, plan, path)
    return { verdict: 'left out', rule, says: `${rule.text}${where}${kept}` }
  }
  const { pairs } = plan
  const row = rowAt(pairs, path)
  const change = row === undefined || !isPlanned(plan, row) ? undefined : plan.changeOf(row)
  if (change !== undefined) {
    const differences = describeChange(sides, change)
    return { verdict: 'changed', change, differences, says: saysOf(change, differences) }
  }
  const movedTo = newPlaceOf(plan, path)
  if (movedTo !== undefined)
    return { verdict: 'moved away', says: `renamed to ${shown(movedTo)}, as in the source` }
  if (source === undefined && replica === undefined)
    return { verdict: 'absent', says: 'neither in the source nor in the replica' }
  const hole = holeAbove(pairs, path)
  if (hole !== undefined)
    return { verdict: 'kept', says: `not compared, for the source's ${shown(hole)} could not be read` }
  const choosesByPath = !includesAll(session.settings.include)
  if (choosesByPath && (row === undefined || !isInScope(planned, row)))
    return { verdict: 'out of scope', says: 'outside of --include' }
  if (source === undefined) {
    const why = session.settings.delete
      ? 'left for the next run'
      : 'kept, for nothing is deleted (--no-delete)'
    return { verdict: 'kept', says: `not in the source; ${why}` }
  }
  if (replica === undefined) return { verdict: 'kept', says: 'not in the replica, which cannot hold it' }
  return { verdict: 'equal', says: 'equal' }
}

/** Listed, below what is, or on the way to it. */
function isListed(files: Session['settings']['files'], path: RelativePath): boolean {
  for (const above of fromRoot(path)) {
    const listed = files?.of(parentPath(above))
    if (listed === undefined) return true
    if (!splitPath(listed.names).includes(baseName(above))) return false
  }
  return true
}

/** Itself, or for something in it. */
function isInScope({ plan: { pairs }, walked }: Planned, row: number): boolean {
  const stack = [row]
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (pairs.isMatched(at) && (at === row || pairs.hasSource(at))) return true
    stack.push(...(pairs.nodeOf(at)?.rows ?? []))
  }
  return row === walked.root.row
}

function keptNote({ settings }: Session, plan: Plan, path: RelativePath): string {
  const row = rowAt(plan.pairs, path)
  const isDeleted = row !== undefined && isPlanned(plan, row)
  if (isDeleted) return '; deleted from the replica (--delete-excluded)'
  return settings.deleteExcluded ? '' : '; what the replica has there is kept'
}

function saysOf(change: Change, differences: readonly ExplainedDifference[]): string {
  const { action, renamedFrom, linkedTo, withheld } = change
  const from = renamedFrom === undefined ? '' : `, from ${shown(renamedFrom)}`
  const to = linkedTo === undefined ? '' : `, as a name of ${shown(linkedTo)}`
  const why = differences.map(({ text }) => text).join(', ')
  const said = `${actionWords[action]}${from}${to}${why === '' ? '' : `: ${why}`}`
  return withheld === undefined ? said : `withheld because of this: ${withheld}; otherwise ${said}`
}

const actionWords: Readonly<Record<Change['action'], string>> = {
  create: 'created',
  update: 'updated',
  metadata: 'given its attributes',
  replace: 'replaced',
  rename: 'renamed',
  link: 'linked',
  delete: 'deleted',
}

function* fromRoot(path: RelativePath): Generator<RelativePath> {
  let at = ''
  for (const name of splitPath(path)) {
    at = at === '' ? name : `${at}/${name}`
    yield at
  }
}

function isPlanned({ order, pairs }: Plan, row: number): boolean {
  if (pairs.action(row) === undefined) return false
  return [order.move, order.copy, order.remove, order.finish].some(rows => rows.includes(row))
}

/** Where what the replica has at a path will be. */
function newPlaceOf({ moves, pairs, order }: Plan, path: RelativePath): RelativePath | undefined {
  for (const [to, { from }] of moves.files)
    if (pathOfRow(pairs, from) === path && !order.copy.includes(from)) return pathOfRow(pairs, to)
  for (const [to, { was }] of moves.directories)
    if (isWithin(path, was)) return pathOfRow(pairs, to) + path.slice(was.length)
  return undefined
}

function holeAbove(pairs: PairTable, path: RelativePath): RelativePath | undefined {
  for (const above of ['', ...fromRoot(parentPath(path))]) {
    const row = rowAt(pairs, above)
    const marks = row === undefined ? 0 : (pairs.nodeOf(row)?.marks ?? 0)
    if ((marks & (NodeMark.hole | NodeMark.vanished)) !== 0) return above
  }
  return undefined
}

function shown(path: RelativePath): string {
  return path === '' ? '.' : escapeName(path)
}
