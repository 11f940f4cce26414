/** Collects what happens in a run, for the Report. */
import { actions, type Withholding } from '../model/change.js'
import type { OutcomeStatus } from '../model/events.js'
import { type ExitCode, worstExitCode } from '../model/exit-code.js'
import type { Plan } from '../model/plan.js'
import type { Problem } from '../model/problem.js'
import type { RelativePath } from '../model/path.js'
import {
  type HeldWay,
  maxProblems,
  type OutcomeCounts,
  type Report,
  type Residual,
  type ResidualAttribute,
} from '../model/report.js'
import { Tally } from '../model/tally.js'
import { residualOf } from './residuals.js'

export interface RunFacts {
  readonly source: string
  readonly replica: string
  readonly dryRun: boolean
  readonly strict: boolean
}

type Counting = { -readonly [Key in keyof OutcomeCounts]: number }

export class Recorder {
  private readonly facts: RunFacts
  private readonly startedAt = new Date()
  private readonly begun = performance.now()
  private readonly problems: Problem[] = []
  private readonly exitCodes = new Set<ExitCode>([0])
  private readonly changes: Record<(typeof actions)[number], Counting>
  private readonly notHeld = new Tally()
  private moreProblems = 0
  private bytes = 0
  private plan: Plan | undefined
  private way: HeldWay = 'paths'

  constructor(facts: RunFacts) {
    this.facts = facts
    this.changes = Object.fromEntries(actions.map(action => [action, countNothing()])) as typeof this.changes
  }

  held(way: HeldWay): void {
    this.way = way
  }

  planned(plan: Plan): void {
    this.plan = plan
    for (const action of actions) this.changes[action].planned = plan.totals.byAction[action]
    for (const why of plan.withholdings()) this.end(exitCodeOfWithheld(why))
    // Nothing is settled in a dry run: what would be withheld is known all the same.
    if (this.facts.dryRun) for (const action of plan.withheldActions()) this.changes[action].withheld += 1
  }

  settled(row: number, status: OutcomeStatus, bytes: number): void {
    const action = this.plan?.pairs.action(row)
    if (action === undefined) return
    this.changes[action][status] += 1
    this.bytes += bytes
    // What failed has a problem, which says what the run ends with.
    if (status === 'withheld') this.end(exitCodeOfWithheld(this.plan?.withholding(row)))
  }

  /** Counts an entry that could not be given something, though the plan said it could. */
  residual(attribute: ResidualAttribute, path: RelativePath): void {
    this.notHeld.add(attribute, path)
  }

  problem(problem: Problem): void {
    this.exitCodes.add(problem.exitCode)
    if (this.problems.length < maxProblems) this.problems.push(problem)
    else this.moreProblems += 1
  }

  /** Adds an exit code that no problem stands for. */
  end(code: ExitCode): void {
    this.exitCodes.add(code)
  }

  /** What the run would end with by now. */
  exitCode(): ExitCode {
    return worstExitCode(this.exitCodes)
  }

  report(): Report {
    const { facts, plan, changes, problems, moreProblems, bytes } = this
    const residuals = withCounts(plan?.residuals ?? [], this.notHeld.list().map(residualOf))
    if (facts.strict && residuals.length > 0) this.end(23)
    const exitCode = worstExitCode(this.exitCodes)
    return {
      source: facts.source,
      replica: facts.replica,
      exitCode,
      exact: exitCode === 0 && isExact(residuals, changes, facts, plan),
      dryRun: facts.dryRun,
      unchanged: plan?.totals.unchanged ?? 0,
      changes,
      bytes,
      problems,
      moreProblems,
      residuals,
      held: { source: this.way, replica: this.way },
      startedAt: this.startedAt.toISOString(),
      durationMs: Math.round(performance.now() - this.begun),
    }
  }
}

/** What was planned as done and is withheld all the same is so because the source could not be read. */
function exitCodeOfWithheld(why: Withholding | undefined): ExitCode {
  return why === 'moved in the source' || why === 'not as planned' ? 24 : 23
}

/** Each attribute once. */
function withCounts(planned: readonly Residual[], found: readonly Residual[]): readonly Residual[] {
  const rest = new Map(found.map(each => [each.attribute, each]))
  const all = planned.map(each => {
    const more = rest.get(each.attribute)?.count ?? 0
    rest.delete(each.attribute)
    return each.count === undefined || more === 0 ? each : { ...each, count: each.count + more }
  })
  return [...rest.values(), ...all]
}

function countNothing(): Counting {
  return { planned: 0, done: 0, failed: 0, skipped: 0, withheld: 0 }
}

function isExact(
  residuals: readonly Residual[],
  changes: Report['changes'],
  { dryRun }: RunFacts,
  plan: Plan | undefined,
): boolean {
  if (plan === undefined || residuals.length > 0) return false
  if (dryRun) return plan.totals.changes === 0
  return actions.every(action => changes[action].planned === changes[action].done)
}
