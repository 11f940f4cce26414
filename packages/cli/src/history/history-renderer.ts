/**
 * Each run as lines of the history: one when it begins, so that one that was killed is known, and one when it ends, which has all. Of a
 * watch only those are kept that compared all, or failed: it runs for each saved file.
 */
import { randomBytes } from 'node:crypto'
import { type Action, oneLine, type Report } from '@facsimile/core'
import * as path from 'node:path'
import { isOfTouched, isPreview, type Renderer, type Run, type RunEnd, silent } from '../render/renderer.js'

interface Recorded {
  readonly job: string | undefined
  readonly log: { readonly path: string; readonly position: () => number | undefined } | undefined
  readonly isWatch: boolean
}

export function historyRenderer(recorded: Recorded): Renderer {
  const { job, log, isWatch } = recorded
  let begun: Readonly<Record<string, unknown>> = {}
  return {
    ...silent,
    about: () => historyRenderer(recorded),
    start: run => {
      if (isPreview(run)) return ''
      begun = {
        ...beginning(run),
        job,
        log: log === undefined ? undefined : { path: log.path, at: log.position() },
      }
      return isWatch ? '' : line({ type: 'start', ...begun, pid: process.pid })
    },
    end: end => {
      if (isPreview(end.run)) return ''
      if (isWatch && end.exitCode === 0 && end.report !== undefined && isOfTouched(end.report)) return ''
      return line({ type: 'end', ...begun, ...ending(end) })
    },
  }
}

function line(fields: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ v: 1, ...fields })}\n`
}

function beginning({ command, source, replica, date }: Run): Readonly<Record<string, unknown>> {
  return {
    run: randomBytes(8).toString('hex'),
    start: date.toISOString(),
    command,
    source: absolute(source),
    replica: absolute(replica),
  }
}

function absolute(root: string): string {
  try {
    return path.resolve(root)
  } catch {
    // The working directory is gone, which the library says.
    return root
  }
}

function ending({ exitCode, report, failures, date }: RunEnd): Readonly<Record<string, unknown>> {
  const messages = [...failures, ...(report?.problems ?? [])].map(({ message }) => message)
  return {
    end: date.toISOString(),
    exitCode,
    exact: report?.exact,
    changes: report === undefined ? undefined : doneIn(report),
    bytes: report?.bytes,
    problems: messages.length + (report?.moreProblems ?? 0),
    // The log has them all.
    problem: messages[0] === undefined ? undefined : oneLine(messages[0]),
  }
}

function doneIn({ changes }: Report): Partial<Record<Action, number>> {
  const counts = Object.entries(changes).map(([action, { done }]) => [action, done] as const)
  return Object.fromEntries(counts.filter(([, done]) => done > 0))
}
