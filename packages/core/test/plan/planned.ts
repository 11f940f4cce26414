/** A plan of pairs that are given as a literal. */
import type { Plan } from '../../src/model/plan.js'
import { buildPlan, type PlanInput } from '../../src/plan/build-plan.js'
import { buildPairs, finish, planFacts, type PairLiteral, type PairsLiteral } from '../support/pairs.js'

export type Some = Partial<Omit<PlanInput, 'pairs' | 'root'>> & { readonly rootPair?: PairLiteral }

export function plan(literal: PairsLiteral, { rootPair, ...some }: Some = {}): Plan {
  const { pairs, root } = buildPairs(literal, rootPair)
  return finish(
    buildPlan({
      source: '/s',
      replica: '/r',
      pairs,
      root,
      unchanged: 0,
      hasHoles: false,
      settings: { delete: true, allowEmptySource: false, allowNewSource: false, maxDelete: undefined },
      ...planFacts,
      problems: [],
      residuals: [],
      ...some,
    }),
  )
}

export const not = { matched: false } as const
export const dir = { kind: 'directory' } as const
export const deletionsOff = {
  settings: { delete: false, allowEmptySource: false, allowNewSource: false, maxDelete: undefined },
}
