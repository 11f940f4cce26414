import { expect, it } from 'vitest'
import { type ExitCode, worstExitCode } from '../../src/model/exit-code.js'

/** As the design has it: a signal, then 1, 2, 26, 27, 25, 11, 23, 28, 24, 0. */
const order: readonly ExitCode[] = [129, 130, 143, 1, 2, 26, 27, 25, 11, 23, 28, 24, 0]
const pairs = order.flatMap((worse, index) =>
  order.slice(index).map((other): [ExitCode, ExitCode] => [worse, other]),
)

it.each(pairs)('%i comes before %i', (worse, other) => {
  expect([worstExitCode([worse, other]), worstExitCode([other, worse])]).toEqual([worse, worse])
})

it.each<[codes: readonly ExitCode[], worst: ExitCode]>([
  [[], 0],
  [[0], 0],
  [[24, 23, 28], 23],
  [[0, 11, 25, 24], 25],
  [[23, 143, 1], 143],
])('of %j it is %i', (codes, worst) => {
  expect(worstExitCode(new Set(codes))).toBe(worst)
})
