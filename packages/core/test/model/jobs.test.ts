import { expect, it } from 'vitest'
import { actions, reasonBit, reasons, reasonsOf } from '../../src/model/change.js'
import { packVerdict, verdictAction, verdictAsks, verdictReasons } from '../../src/model/jobs.js'

const sets = [0, ...reasons.map(reasonBit), reasons.map(reasonBit).reduce((bits, bit) => bits | bit, 0)]
const verdicts = [-1, ...actions.keys()].flatMap(action =>
  sets.flatMap(bits => [true, false].map((ask): [number, number, boolean] => [action, bits, ask])),
)

it('a verdict in one number is read as it was packed, also from a column', () => {
  const column = Uint32Array.from(verdicts, verdict => packVerdict(...verdict))
  for (const [index, [action, bits, ask]] of verdicts.entries()) {
    const packed = column[index] ?? 0
    expect([verdictAction(packed), verdictReasons(packed), verdictAsks(packed)]).toEqual([action, bits, ask])
    expect(actions[verdictAction(packed)]).toBe(actions[action])
    expect(reasonsOf(verdictReasons(packed))).toEqual(reasonsOf(bits))
  }
  expect(new Set(column).size).toBe(verdicts.length)
})
