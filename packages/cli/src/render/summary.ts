/**
 * The last lines of a run: what was done, what was not, and whether the replica equals the source.
 *
 *     Created 3, updated 1, deleted 12; 1,204 unchanged.
 *     Wrote 12.3 MB in 1.2s.
 *     Failed: 2 (update 1, delete 1).
 *     Not held: owner of 12 entries, such as a/b (not permitted).
 *     The replica does not equal the source.
 */
import {
  oneLine,
  type Action,
  escapeName,
  type OutcomeCounts,
  type Report,
  type Residual,
} from '@facsimile/core'
import { bytesText } from './bytes.js'
import { durationText } from './duration.js'
import { count, counted } from './figures.js'
import { isOfTouched, isPreview, isRefused, notReached, type RunEnd } from './renderer.js'

/** What the options leave out of the comparison, so that the last line claims no more than is true. */
export interface SummaryScope {
  /** Whether filters choose what is mirrored. */
  readonly filtered: boolean
  /** Whether the replica may hold more than the source. */
  readonly keepsExtraneous: boolean
}

export function renderSummary(end: RunEnd, scope: SummaryScope): string {
  const { report } = end
  // Of a run that was refused there is nothing to sum up; why it was, is said as a problem.
  if (report === undefined || isRefused(end)) return ''
  const isPart = isOfTouched(report)
  if (isPart && end.exitCode === 0 && countsOf(report).every(([, { planned }]) => planned === 0)) return ''
  const lines = [
    changesLine(report, isPreview(end.run)),
    workLine(report, isPreview(end.run)),
    ...notDoneLines(report, isPreview(end.run)),
    ...report.residuals.map(residualLine),
    verdict(end, report, scope),
  ]
  return lines.map(line => `${line}\n`).join('')
}

const doneWords: Readonly<Record<Action, string>> = {
  create: 'created',
  update: 'updated',
  metadata: 'repaired metadata of',
  replace: 'replaced',
  rename: 'renamed',
  link: 'linked',
  delete: 'deleted',
}

const wouldWords: Readonly<Record<Action, string>> = {
  create: 'create',
  update: 'update',
  metadata: 'repair metadata of',
  replace: 'replace',
  rename: 'rename',
  link: 'link',
  delete: 'delete',
}

function changesLine(report: Report, preview: boolean): string {
  const parts = countsOf(report)
    .map(([action, counts]) => [action, preview ? counts.planned - counts.withheld : counts.done] as const)
    .filter(([, number]) => number > 0)
    .map(([action, number]) => `${(preview ? wouldWords : doneWords)[action]} ${count(number)}`)
  const changes = parts.length === 0 ? 'nothing' : parts.join(', ')
  const sentence = preview
    ? `Would ${parts.length === 0 ? 'change nothing' : changes}`
    : capitalised(parts.length === 0 ? 'nothing changed' : changes)
  return `${sentence}; ${count(report.unchanged)} unchanged.`
}

function workLine(report: Report, preview: boolean): string {
  const duration = durationText(report.durationMs)
  return preview ? `Compared in ${duration}.` : `Wrote ${bytesText(report.bytes)} in ${duration}.`
}

const notDone: readonly (readonly [words: string, counted: (counts: OutcomeCounts) => number])[] = [
  ['Failed', ({ failed }) => failed],
  ['Skipped', ({ skipped }) => skipped],
  ['Withheld', ({ withheld }) => withheld],
]

function notDoneLines(report: Report, preview: boolean): readonly string[] {
  const rows = preview ? notDone : [...notDone, ['Not reached', notReached] as const]
  const lines = rows.flatMap(([words, numberOf]) => {
    const numbers = countsOf(report).map(([action, counts]) => [action, numberOf(counts)] as const)
    const parts = numbers.filter(([, number]) => number > 0)
    const total = parts.reduce((sum, [, number]) => sum + number, 0)
    const each = parts.map(([action, number]) => `${action} ${count(number)}`).join(', ')
    return total === 0 ? [] : [`${words}: ${count(total)} (${each}).`]
  })
  if (report.moreProblems > 0) lines.push(`There are ${counted(report.moreProblems, 'more problem')}.`)
  return lines
}

function residualLine({ attribute, count: entries, example, reason }: Residual): string {
  const of = entries === undefined ? '' : ` of ${counted(entries, 'entry', 'entries')}`
  const such = example === undefined ? '' : `, such as ${example === '' ? '.' : escapeName(example)}`
  return `Not held: ${attribute}${of}${such} (${oneLine(reason)}).`
}

function verdict({ run, exitCode }: RunEnd, report: Report, scope: SummaryScope): string {
  if (exitCode === 24 && run.command === 'apply' && !run.dryRun)
    return 'What was not as planned is as it was; make a new plan for it.'
  if (exitCode === 24) return 'The source changed meanwhile, so the replica may not equal it; run again.'
  const differs = countsOf(report).some(([, counts]) => counts.planned > (isPreview(run) ? 0 : counts.done))
  if (run.command === 'plan' && differs && report.exitCode === 0)
    return 'The replica does not equal the source yet; apply does what is planned.'
  if (differs || report.exitCode !== 0) {
    return isPreview(run) && run.command !== 'check' && report.exitCode === 0
      ? 'The replica does not equal the source yet; nothing was changed, for this was a dry run.'
      : 'The replica does not equal the source.'
  }
  const holds = scope.keepsExtraneous
    ? 'The replica holds what the source holds'
    : 'The replica equals the source'
  const where = scope.filtered ? ', as far as the filters take it' : ''
  if (isOfTouched(report)) return 'What was touched is as in the source.'
  return report.exact ? `${holds}${where}.` : `${holds}${where}, except for what could not be held.`
}

function countsOf(report: Report): [Action, Report['changes'][Action]][] {
  return Object.entries(report.changes) as [Action, Report['changes'][Action]][]
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
