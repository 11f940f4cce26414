/** The runs that the history tells of. What is no whole line there is passed over. */
import * as fs from 'node:fs'
import { errnoOf, reasonOf } from '../reason-of.js'
import { UsageError } from '../usage-error.js'
import { historyFile } from '../state-folder.js'

export interface PastRun {
  readonly run: string
  readonly job?: string
  readonly source: string
  readonly replica: string
  /** ISO 8601. */
  readonly start: string
  /** What ran it; of a run that has ended absent. */
  readonly pid?: number
  /** Absent while it is under way, and for ever when it was killed. */
  readonly end?: string
  readonly exitCode?: number
  readonly changes?: Readonly<Record<string, number>>
  readonly bytes?: number
  readonly problems?: number
  readonly problem?: string
  readonly log?: { readonly path: string; readonly at?: number }
}

/** In order of their beginnings. */
export function pastRuns(stateFolder: string | undefined): readonly PastRun[] {
  if (stateFolder === undefined) return []
  const runs = new Map<string, PastRun>()
  for (const line of textOf(historyFile(stateFolder)).split('\n')) {
    const found = lineIn(line)
    if (found !== undefined) runs.set(found.run, found)
  }
  return [...runs.values()].toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0))
}

/** The others' last word counts: what is not a failure of the run is a success. */
export function isSuccess({ exitCode }: PastRun): boolean {
  return exitCode === 0 || exitCode === 24
}

function textOf(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return ''
    throw new UsageError(`the history '${file}' cannot be read: ${reasonOf(error)}`)
  }
}

function lineIn(line: string): PastRun | undefined {
  try {
    const found: unknown = JSON.parse(line)
    if (typeof found !== 'object' || found === null) return undefined
    const { run, source, replica, start } = found as Record<string, unknown>
    const isWhole = [run, source, replica, start].every(each => typeof each === 'string')
    return isWhole ? (found as PastRun) : undefined
  } catch {
    return undefined
  }
}
