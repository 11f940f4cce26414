/**
 * A run of a plan without a disk: the executor answers as a test tells it, by action and path, and everything that
 * is told is kept.
 */
import type { Execution } from '../../src/apply/execution.js'
import { actions } from '../../src/model/change.js'
import { EntryReader, cellsPerEntry } from '../../src/model/entry-cells.js'
import type { Entry } from '../../src/model/entry.js'
import type { Progress } from '../../src/model/events.js'
import type { FinishBatch } from '../../src/model/finish-jobs.js'
import { type AppliedBatch, type ApplyBatch, type RowState, rowStates } from '../../src/model/jobs.js'
import { joinPath, type Name, type RelativePath } from '../../src/model/path.js'
import type { Plan } from '../../src/model/plan.js'
import { type Problem, type ProblemCode, problem } from '../../src/model/problem.js'
import type { ResidualAttribute } from '../../src/model/report.js'
import { buildPlan } from '../../src/plan/build-plan.js'
import { ProgressMeter } from '../../src/run/progress.js'
import {
  type BuiltPairs,
  buildPairs,
  finish,
  type PairLiteral,
  type PairsLiteral,
  planFacts,
} from '../support/pairs.js'

/** An action and a path, as in `create d/x`; `stage replace d` where it is not published yet. */
export type Line = string

interface Answer {
  readonly state: RowState
  readonly problem?: ProblemCode
  readonly bytes?: number
  readonly digest?: string
  readonly residuals?: readonly ResidualAttribute[]
}

export interface FakeRun extends BuiltPairs {
  readonly plan: Plan
  readonly input: Execution
  /** The batches the executor was given, in the order it was given them. */
  readonly batches: readonly (readonly Line[])[]
  /** The directories that were to be whole, by batch. */
  readonly wholes: readonly (readonly RelativePath[])[]
  /** The directories that were finished, in their order, with what they were to be like. */
  readonly finished: readonly (readonly [path: RelativePath, wanted: Entry])[]
  /** Each outcome, as in `done create d/x`. */
  readonly outcomes: readonly string[]
  /** Each row that was settled, with the bytes it counts for, as in `d/x done 7`. */
  readonly settled: readonly string[]
  /** What could not be held, as in `d/x hard links`. */
  readonly residuals: readonly string[]
  readonly problems: readonly Problem[]
  readonly progress: readonly Progress[]
  /** Everything that happened, in order: batches, outcomes, and when nothing is staged any more. */
  readonly events: readonly string[]
  readonly abort: AbortController
}

export interface FakeOptions extends Partial<Pick<Execution, 'width' | 'mayChange' | 'digestOf'>> {
  readonly rootPair?: PairLiteral
  /** Everything is done unless told. */
  readonly answer?: (line: Line, attempt: number) => RowState | Answer
  /** What a batch waits for before it is answered. */
  readonly before?: (batch: readonly Line[], index: number) => Promise<void> | void
  readonly onOutcome?: (line: string) => Promise<void> | void
  /** The directories that cannot be finished. */
  readonly unfinished?: readonly RelativePath[]
  readonly hasHoles?: boolean
  readonly deletes?: boolean
}

export function fakeRun(literal: PairsLiteral, options: FakeOptions = {}): FakeRun {
  const { answer = () => 'done', unfinished = [], hasHoles = false, deletes = true } = options
  const built = buildPairs(literal, options.rootPair)
  const settings = { delete: deletes, allowEmptySource: true, allowNewSource: false, maxDelete: undefined }
  const some = { source: '/source', replica: '/replica', unchanged: 0, problems: [], residuals: [] }
  const plan = finish(
    buildPlan({ ...planFacts, ...some, pairs: built.pairs, root: built.root, hasHoles, settings }),
  )
  const abort = new AbortController()
  const kept = {
    batches: [] as Line[][],
    wholes: [] as RelativePath[][],
    finished: [] as [RelativePath, Entry][],
  }
  const told = {
    outcomes: [] as string[],
    residuals: [] as string[],
    settled: [] as string[],
    problems: [] as Problem[],
    progress: [] as Progress[],
    events: [] as string[],
  }
  const attempts = new Map<Line, number>()
  const meter = new ProgressMeter(progress => void told.progress.push(progress))
  meter.begin(plan.totals.changes, plan.totals.bytes)
  const outcome = (line: string): void => {
    told.outcomes.push(line)
    told.events.push(line)
  }
  const input: Execution = {
    plan,
    width: options.width ?? 1,
    apply: async batch => {
      const lines = linesOf(batch)
      kept.batches.push(lines)
      kept.wholes.push(pathsOf(batch).filter((_, index) => batch.whole[index] === 1))
      told.events.push(`batch of ${lines.length}`)
      await options.before?.(lines, kept.batches.length - 1)
      return answered(lines, line => {
        const attempt = (attempts.get(line) ?? 0) + 1
        attempts.set(line, attempt)
        return answer(line, attempt)
      })
    },
    flush: undefined,
    finish: batch => {
      const reader = new EntryReader(batch.cells)
      for (const [index, path] of batch.directories.entries())
        kept.finished.push([path, reader.read(index * cellsPerEntry)])
      told.events.push(`finish ${batch.directories.join(' ')}`)
      return Promise.resolve(finishedBatch(batch, unfinished))
    },
    beforeFinish: () => void told.events.push('nothing is staged'),
    mayChange: options.mayChange,
    onOutcome: async ({ change, status, digest }) => {
      const line = `${status} ${change.action} ${change.path}${digest === undefined ? '' : ` ${digest}`}`
      outcome(change.withheld === undefined ? line : `${line}: ${change.withheld}`)
      await options.onOutcome?.(line)
    },
    onSettled: (row, status, bytes) => void told.settled.push(`${built.paths([row])[0]} ${status} ${bytes}`),
    onResidual: (row, attribute) => void told.residuals.push(`${built.paths([row])[0]} ${attribute}`),
    onProblem: found => void told.problems.push(found),
    digestOf: options.digestOf,
    progress: meter,
    signal: abort.signal,
  }
  return { ...built, plan, input, abort, ...kept, ...told }
}

/** The paths of a batch, by row. */
function pathsOf({ directories, counts, names }: ApplyBatch): RelativePath[] {
  const left = names.split('/') as Name[]
  return directories.flatMap((directory, which) =>
    left.splice(0, counts[which]).map(name => joinPath(directory, name)),
  )
}

function linesOf(batch: ApplyBatch): Line[] {
  const verb = batch.stageOnly ? 'stage ' : ''
  return pathsOf(batch).map((path, index) => `${verb}${actions[batch.actions[index] ?? 0]} ${path}`)
}

function answered(lines: readonly Line[], answer: (line: Line) => RowState | Answer): AppliedBatch {
  const answers = lines
    .map(line => answer(line))
    .map(each => (typeof each === 'string' ? { state: each } : each))
  return {
    states: Uint8Array.from(answers, ({ state }) => rowStates.indexOf(state)),
    bytes: Float64Array.from(answers, ({ bytes = 0 }) => bytes),
    digests: answers.map(({ digest }) => digest),
    staged: [],
    residuals: answers.flatMap(({ residuals = [] }, index) =>
      residuals.map(attribute => [index, attribute] as const),
    ),
    problems: answers.flatMap(({ state, problem: code }, index) => {
      const told = code ?? (state === 'failed' || state === 'again' ? 'replica-failed' : undefined)
      const path = (lines[index] ?? '').replace(/^\S+ /, '')
      return told === undefined ? [] : [[index, problem(told, 'replica', path, 'planted')] as const]
    }),
  }
}

function finishedBatch({ directories }: FinishBatch, unfinished: readonly RelativePath[]): AppliedBatch {
  const answers = directories.map(path =>
    unfinished.includes(path) ? ('failed' as const) : ('done' as const),
  )
  return answered(
    directories.map(path => `finish ${path}`),
    line => answers[directories.indexOf(line.slice('finish '.length))] ?? 'done',
  )
}

/** So many new files, named after their numbers, with a prefix. */
export function files(count: number, pair: PairLiteral, prefix = ''): Record<string, PairLiteral> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${prefix}${String(index).padStart(4, '0')}`, pair]),
  )
}
