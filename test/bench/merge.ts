/** Figures of some cases, put among those of the others that were measured before, where one can stand by the other. */
import { type BenchResult, type CaseName, caseNames } from './result.js'
import { rounds } from './table.js'

/** What two measurements must have in common. */
export type Circumstances = Pick<BenchResult, 'machine' | 'versions' | 'pairs' | 'scale'>

/** What is different about two measurements; undefined where they can be put together. */
export function differenceOf(one: Circumstances, other: Circumstances): string | undefined {
  if (!same(one.machine, other.machine)) return 'of another machine'
  if (!same(one.versions, other.versions)) return 'of other versions or sources'
  if (one.pairs !== other.pairs) return `of ${rounds(other.pairs)}`
  return one.scale === other.scale ? undefined : `scaled by ${other.scale}`
}

/** The new result, with those cases of the old one that were not measured anew. */
export function merge(old: BenchResult, result: BenchResult, measured: readonly CaseName[]): BenchResult {
  const isKept = (name: CaseName): boolean => !measured.includes(name)
  const inOrder = <T extends { readonly case: CaseName }>(
    kept: readonly T[],
    added: readonly T[],
  ): readonly T[] =>
    caseNames.flatMap(name =>
      [...kept.filter(it => isKept(it.case)), ...added].filter(it => it.case === name),
    )
  const dated = old.date === result.date ? [] : [`some cases were measured on ${old.date}`]
  return {
    ...result,
    notes: [...new Set([...old.notes, ...result.notes, ...dated])],
    figures: inOrder(old.figures, result.figures),
    points: inOrder(old.points, result.points),
    leftOut: inOrder(old.leftOut, result.leftOut),
  }
}

function same(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
