/**
 * What the replica cannot be given of what is in scope. Workers count it while they compare, unless patterns or a
 * function decide later what is in scope.
 */
import { judge } from './compare/compare.js'
import { rowsInScope } from './plan/scope.js'
import { foreignXattrsBit, unheldXattrsBit } from './model/change.js'
import { pathOfRow } from './model/pairs.js'
import { Tally } from './model/tally.js'
import type { Capabilities } from './tree/capabilities.js'
import type { Walked } from './walk/walk-input.js'

export function* tallyInScope({ pairs, root }: Walked, can: Capabilities): Generator<void, Tally> {
  const tally = new Tally()
  for (const row of [root.row, ...(yield* rowsInScope(pairs, root))]) {
    const source = pairs.source(row)
    if (source === undefined) continue
    const { residuals } = judge(source, pairs.replica(row), can, true)
    for (const attribute of residuals) tally.add(attribute, pathOfRow(pairs, row))
    if ((pairs.reasonBits(row) & unheldXattrsBit) !== 0)
      tally.add('extended attributes', pathOfRow(pairs, row))
    if ((pairs.reasonBits(row) & foreignXattrsBit) !== 0)
      tally.add('foreign directories', pathOfRow(pairs, row))
    yield
  }
  return tally
}
