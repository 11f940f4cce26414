/**
 * One change as one line: the action, the path and, in brackets, what there is to say about it.
 *
 *     create    a.txt
 *     delete    old/  (withheld: source not wholly read)
 *     update    b.txt  (failed: EACCES; size, mtime)
 *     link      c.txt => a.txt
 *     rename    old.txt -> new.txt
 *
 * A change that is done looks the same as one that a dry run shows.
 */
import { type Change, escapeName, type Outcome, type OutcomeStatus } from '@facsimile/core'
import type { Colors } from './colors.js'

const actionWidth = 'metadata'.length

export interface ChangeLineOptions {
  /** Whether the reasons are said. */
  readonly reasons: boolean
  readonly colors: Colors
}

/** A change that is only shown. */
export function plannedLine(change: Change, options: ChangeLineOptions): string {
  return changeLine(
    change,
    change.withheld === undefined ? undefined : `withheld: ${change.withheld}`,
    options,
  )
}

/** A change that was settled. */
export function outcomeLine(outcome: Outcome, options: ChangeLineOptions): string {
  return changeLine(outcome.change, statusNote(outcome), options)
}

function changeLine(
  change: Change,
  note: string | undefined,
  { reasons, colors }: ChangeLineOptions,
): string {
  const notes = note === undefined ? [] : [note]
  if (reasons && change.reasons.length > 0) notes.push(change.reasons.join(', '))
  const remark = notes.length === 0 ? '' : `  ${colors.aside(`(${notes.join('; ')})`)}`
  return `${colors.action[change.action](change.action.padEnd(actionWidth))}  ${shownTarget(change)}${remark}\n`
}

/** The path, escaped; a directory's ends with a slash, the root's is `./`. */
export function shownPath({ path, kind }: Pick<Change, 'path' | 'kind'>): string {
  const shown = path === '' ? '.' : escapeName(path)
  return kind === 'directory' ? `${shown}/` : shown
}

/** The path and, of what becomes a name of another path's file, that path; of what is renamed first the old one. */
export function shownTarget(change: Pick<Change, 'path' | 'kind' | 'linkedTo' | 'renamedFrom'>): string {
  const { kind, linkedTo, renamedFrom } = change
  if (renamedFrom !== undefined) return `${shownPath({ path: renamedFrom, kind })} -> ${shownPath(change)}`
  return linkedTo === undefined ? shownPath(change) : `${shownPath(change)} => ${escapeName(linkedTo)}`
}

function statusNote({ status, change, problem }: Outcome): string | undefined {
  if (status === 'done') return undefined
  const reason =
    status === 'withheld' ? change.withheld : (problem?.errno ?? problem?.code.replaceAll('-', ' '))
  return reason === undefined ? statusWords[status] : `${statusWords[status]}: ${reason}`
}

const statusWords: Readonly<Record<Exclude<OutcomeStatus, 'done'>, string>> = {
  failed: 'failed',
  skipped: 'skipped',
  withheld: 'withheld',
}
