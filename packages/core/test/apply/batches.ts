/** Batches of changes as a plan would hold them that was made now, and what became of them. */
import { applyChanges } from '../../src/apply/apply-changes.js'
import { encodeBatch } from '../../src/apply/encode.js'
import type { Action } from '../../src/model/change.js'
import { noMoves } from '../../src/model/moves.js'
import { type AppliedBatch, type ApplyBatch, rowStates } from '../../src/model/jobs.js'
import { type RelativePath, splitPath } from '../../src/model/path.js'
import { buildPairs, finish, type PairLiteral } from '../support/pairs.js'
import type { Ground } from './ground.js'

/** An action and a path, as in `create d/x`; what it is linked to may follow, as in `link d/y => d/x`. */
export type Line = `${Action} ${string}`

type Mutable = { -readonly [Key in keyof PairLiteral]: PairLiteral[Key] } & {
  below?: Record<string, Mutable>
}

/** The changes in the order given; of `whole` directories everything is among them. */
export function batchOf(
  here: Ground,
  lines: readonly Line[],
  whole: readonly RelativePath[] = [],
): ApplyBatch {
  const literal: Record<string, Mutable> = {}
  const parts = lines.map(line => line.slice(line.indexOf(' ') + 1).split(' => '))
  const paths = parts.map(([path = '']) => path)
  for (const [index, path] of paths.entries()) {
    let level = literal
    let pair: Mutable = {}
    let at = ''
    for (const name of splitPath(path)) {
      at = at === '' ? name : `${at}/${name}`
      pair = level[name] ??= { source: here.entry('source', at), replica: here.entry('replica', at) }
      level = pair.below ??= {}
    }
    pair.action = actionOf(lines[index])
    if (pair.action === 'create') pair.replica = undefined
    if (pair.action === 'delete') pair.source = undefined
  }
  dropEmpty(literal)
  const { pairs, row } = buildPairs(literal)
  const to = new Map(
    parts.flatMap(([path = '', leader]) => (leader === undefined ? [] : [[row(path), row(leader)]])),
  )
  const names = new Map([...to.values()].map(leader => [leader, to.size]))
  return encodeBatch(pairs, paths.map(row), new Set(whole.map(row)), {
    stageOnly: false,
    staged: new Map(),
    links: { to, names },
    moves: noMoves,
    made: new Set(),
    heirs: new Map(),
  })
}

function actionOf(line: Line | undefined): Action {
  return (line ?? '').split(' ')[0] as Action
}

function dropEmpty(literal: Record<string, Mutable>): void {
  for (const pair of Object.values(literal)) {
    if (pair.below === undefined) continue
    dropEmpty(pair.below)
    if (Object.keys(pair.below).length === 0) delete pair.below
  }
}

export interface Applied {
  readonly result: AppliedBatch
  /** What became of each row. */
  readonly states: readonly string[]
  /** By row: the problem's code and path. */
  readonly problems: Readonly<Record<number, string>>
}

/** Makes the changes. */
export function applied(here: Ground, lines: readonly Line[], whole: readonly RelativePath[] = []): Applied {
  return ended(finish(applyChanges(here.context, batchOf(here, lines, whole))))
}

export function ended(result: AppliedBatch): Applied {
  return {
    result,
    states: [...result.states].map(state => rowStates[state] ?? 'none'),
    problems: Object.fromEntries(
      result.problems.map(([index, { code, path }]) => [index, `${code} ${path}`]),
    ),
  }
}
