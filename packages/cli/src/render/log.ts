/**
 * The lines of the log: the time, what happened, and the entry it is about.
 *
 *     2026-01-31T12:00:00.000Z start     sync /home/ann/site to /backup/site
 *     2026-01-31T12:00:00.120Z create    a.txt
 *     2026-01-31T12:00:00.121Z failed    update b.txt
 *     2026-01-31T12:00:00.121Z problem   could not write b.txt: permission denied (EACCES)
 *     2026-01-31T12:00:00.300Z end       exit 23; create 1, update 0, ... failed 1; 1234 bytes, 300 ms
 *
 * Of a run that was refused the last line says so, and has no figures.
 */
import * as path from 'node:path'
import { type Action, escapeName, oneLine, type Report } from '@facsimile/core'
import { shownPath, shownTarget } from './change-line.js'
import { labelOf } from './label.js'
import { failedText, missedText } from './series-text.js'
import { isPreview, isRefused, notReached, type Renderer, type Run, type RunEnd, silent } from './renderer.js'

const wordWidth = 'metadata'.length

/**
 * @param directory what relative roots are below; left out, they stay as they are
 * @param replica which of several the lines are about
 */
export function logRenderer(now: () => Date, directory: string | undefined, replica?: string): Renderer {
  const stamp = stamper(now)
  // Who reads the log later does not know where the command was called.
  const shownRoot = (root: string): string => escapeName(shownRootOf(root, directory))
  const of = replica === undefined ? '' : labelOf(shownRootOf(replica, directory))
  const line = (word: string, text: string): string => `${stamp()} ${word.padEnd(wordWidth)}  ${of}${text}\n`
  return {
    ...silent,
    about: each => logRenderer(now, directory, each),
    start: run => line('start', `${describe(run)} ${shownRoot(run.source)} to ${shownRoot(run.replica)}`),
    outcome: ({ status, change }) => {
      switch (status) {
        case 'done':
          return line(change.action, shownTarget(change))
        case 'failed':
          return line('failed', `${change.action} ${shownPath(change)}`)
        case 'skipped':
        case 'withheld':
          // The problem that made it so has its own line, and nothing was done to the entry.
          return ''
      }
    },
    problem: ({ code, message }) => line(code === 'notice' ? 'notice' : 'problem', oneLine(message)),
    wait: (next, failures = 0) => (failures === 0 ? '' : line('notice', failedText(next, failures))),
    missed: count => line('notice', missedText(count)),
    watch: ({ coverage, reason }) =>
      line('notice', `watch: ${reason === undefined ? coverage : `${coverage}; ${oneLine(reason)}`}`),
    end: end =>
      [
        ...end.failures.map(({ message }) => line('problem', oneLine(message))),
        line('end', endText(end)),
      ].join(''),
  }
}

function shownRootOf(root: string, directory: string | undefined): string {
  return directory === undefined ? root : path.resolve(directory, root)
}

function describe(run: Run): string {
  return run.dryRun ? `${run.command} (dry run)` : run.command
}

function endText(end: RunEnd): string {
  const { run, exitCode, report } = end
  const head = isPreview(run) ? `exit ${exitCode}, ${describe(run)}` : `exit ${exitCode}`
  if (isRefused(end)) return `${head}; refused`
  return report === undefined ? head : `${head}; ${reportText(report, isPreview(run))}`
}

function reportText({ changes, bytes, durationMs }: Report, preview: boolean): string {
  const counts = Object.entries(changes) as [Action, Report['changes'][Action]][]
  const parts = counts
    .filter(([, { planned }]) => planned > 0)
    .map(([action, { planned, done }]) => `${action} ${preview ? planned : done}`)
  for (const status of ['failed', 'skipped', 'withheld'] as const) {
    const total = counts.reduce((sum, [, each]) => sum + each[status], 0)
    if (total > 0) parts.push(`${status} ${total}`)
  }
  const left = preview ? 0 : counts.reduce((sum, [, each]) => sum + notReached(each), 0)
  if (left > 0) parts.push(`not reached ${left}`)
  return `${parts.length === 0 ? 'nothing to do' : parts.join(', ')}; ${bytes} bytes, ${Math.round(durationMs)} ms`
}

/** The time as text, made once a millisecond: lines come in thousands. */
function stamper(now: () => Date): () => string {
  let last = Number.NaN
  let stamp = ''
  return () => {
    const date = now()
    if (date.getTime() !== last) {
      last = date.getTime()
      stamp = date.toISOString()
    }
    return stamp
  }
}
