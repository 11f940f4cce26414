/**
 * Events as NDJSON: one object a line, each with the version of the schema and a type. The schema is
 * `schema/events-v1.schema.json`; what it allows may grow, and what it says stays.
 */
import {
  type Change,
  isUtf8Name,
  nameToBytes,
  type Outcome,
  type Problem,
  type Report,
  type Residual,
} from '@facsimile/core'
import type { Renderer } from './renderer.js'

const version = 1

// What JSON lets through, and a terminal that the lines are shown on may act on: DEL, C1, marks of direction.
const unshowable = /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

export const jsonRenderer: Renderer = jsonRendererOf({})

/** @param of what each line has besides: which of several replicas it is about */
function jsonRendererOf(of: { readonly replica?: string }): Renderer {
  const line = (type: string, fields: Readonly<Record<string, unknown>>): string =>
    lineOf(type, { ...of, ...fields, ...of })
  return {
    about: replica => jsonRendererOf({ replica }),
    start: ({ command, source, replica, dryRun, date }) =>
      line('start', { command, source, replica, dryRun, time: date.toISOString() }),
    plan: ({ source, replica, totals, refusals, residuals }) =>
      line('plan', { source, replica, totals, refusals, residuals: residuals.map(residualFields) }),
    planned: change =>
      line('outcome', {
        status: change.withheld === undefined ? 'planned' : 'withheld',
        ...changeFields(change),
      }),
    outcome: outcome => line('outcome', outcomeFields(outcome)),
    problem: problem => line('problem', problemFields(problem)),
    progress: ({ phase, entries, totalEntries, bytes, totalBytes }) =>
      line('progress', { phase, entries, totalEntries, bytes, totalBytes }),
    end: ({ exitCode, report, failures, date }) =>
      [
        ...failures.map(({ code, exitCode: own, message }) =>
          line('error', { code, exitCode: own, message }),
        ),
        ...(report === undefined ? [] : [line('report', reportFields(report))]),
        line('end', { exitCode, time: date.toISOString() }),
      ].join(''),
    wait: (next, failures = 0) =>
      line('wait', { next: next.toISOString(), failures: failures === 0 ? undefined : failures }),
    watch: ({ coverage, reason, directories, lagMs, lastProof }) =>
      line('watch', { coverage, reason, directories, lagMs, lastProof }),
    missed: count => line('missed', { count }),
  }
}

function lineOf(type: string, fields: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify({ v: version, type, ...fields })
  return `${text.replace(unshowable, escaped)}\n`
}

function changeFields(change: Change): Record<string, unknown> {
  const { action, path, kind, linkedTo, renamedFrom, bytes, reasons, withheld } = change
  const linked = linkedTo === undefined ? undefined : pathFields(linkedTo)
  const renamed = renamedFrom === undefined ? undefined : pathFields(renamedFrom)
  return {
    action,
    ...pathFields(path),
    kind,
    linkedTo: linked,
    renamedFrom: renamed,
    bytes,
    reasons,
    withheld,
  }
}

function outcomeFields({ status, change, bytes, digest, problem }: Outcome): Record<string, unknown> {
  return {
    status,
    ...changeFields(change),
    bytes,
    digest,
    problem: problem === undefined ? undefined : problemFields(problem),
  }
}

function problemFields({ code, side, path, message, errno, exitCode }: Problem): Record<string, unknown> {
  return { code, side, ...pathFields(path), message, errno, exitCode }
}

function residualFields({ attribute, count, reason, example }: Residual): Record<string, unknown> {
  return { attribute, count, reason, example: example === undefined ? undefined : pathFields(example) }
}

/** The report without its problems, which had lines of their own; only their number. */
function reportFields(report: Report): Record<string, unknown> {
  const { problems, moreProblems, residuals, ...fields } = report
  return { ...fields, problems: problems.length + moreProblems, residuals: residuals.map(residualFields) }
}

/** JSON text is Unicode; a name that is not goes as its bytes. */
function pathFields(path: string): { readonly path: string } | { readonly pathBase64: string } {
  return isUtf8Name(path) ? { path } : { pathBase64: Buffer.from(nameToBytes(path)).toString('base64') }
}
