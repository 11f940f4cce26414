/** Makes a plan that can be kept, and applied later. */
import { failWith } from './conclude.js'
import { heldOptionsOf } from './held-options.js'
import type { Plan } from './model/plan.js'
import type { Report } from './model/report.js'
import type { SyncOptions } from './options.js'
import { planHeader, planLines } from './plan-text.js'
import { inSession } from './session.js'
import { settingsForReading } from './settings-for-reading.js'
import { optionNames } from './settings-from.js'
import { makePlan } from './sync-folders.js'

/** A plan with all that is needed to apply it later. */
export interface PlanToHold {
  readonly plan: Plan
  /** What was found while it was made; nothing was changed. */
  readonly report: Report
  /** Its text, a change a line: one JSON document. May be asked for more than once. */
  readonly lines: Iterable<string>
}

export async function holdPlan(options: SyncOptions): Promise<PlanToHold> {
  const held = heldOptionsOf(options, optionNames)
  const settings = settingsForReading(options, 'a plan')
  const { result, conclude } = await inSession(settings, {}, async session => {
    const { plan } = await makePlan(session)
    for (const { exitCode } of plan.refusals) session.recorder.end(exitCode)
    const lines = planLines(session, plan, planHeader(session, plan, held))
    return { plan, lines, report: session.recorder.report() }
  })
  return result ?? failWith(conclude())
}
