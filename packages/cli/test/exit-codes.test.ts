import { expect, it } from 'vitest'
import { exitCodeTexts, signalExitCodes } from '../src/exit-codes.js'

it('O09: explains every exit code', () => {
  const explained = exitCodeTexts.flatMap(([codes]) => codes.split(', ').map(Number))
  expect(explained).toEqual([0, 1, 2, 11, 23, 24, 25, 26, 27, 28, 129, 130, 143])
  for (const code of Object.values(signalExitCodes)) expect(explained).toContain(code)
})
