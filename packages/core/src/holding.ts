import type { Plan } from './model/plan.js'
import type { PlanInput } from './plan/build-plan.js'
import type { Session } from './session.js'

/** How a run is held to a plan that was made before: it does what both have, and nothing else. */
export interface Holding {
  /** Refuses roots that are not those the plan was made for. */
  readonly requireRoots: (session: Session) => void
  /** Before the guards are asked. */
  readonly holdBack: (session: Session) => PlanInput['holdBack']
  /** Tells of all that is not as it was. */
  readonly tell: (session: Session, plan: Plan) => void
  /** Tells what became of the changes where there is nothing to be done. */
  readonly settle: (session: Session, plan: Plan) => Promise<void>
}
