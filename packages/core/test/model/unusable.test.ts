import { expect, it } from 'vitest'
import type { ManyReport } from '../../src/model/many-report.js'
import type { Report } from '../../src/model/report.js'
import { refuseUnusable } from '../../src/model/unusable.js'

const report = (exitCode: Report['exitCode'], message = 'no'): Report =>
  ({ exitCode, problems: [{ exitCode, message }] }) as unknown as Report

it('a report that says so ends what repeats runs', () => {
  expect(() => refuseUnusable(report(2, 'option "a": no'))).toThrow('option "a": no')
  const replicas = [{ report: report(0) }, { report: report(2, 'the second') }]
  expect(() => refuseUnusable({ exitCode: 2, replicas } as unknown as ManyReport)).toThrow('the second')
})

it.each([0, 1, 11, 23, 26] as const)('one with %i does not', exitCode => {
  expect(() => refuseUnusable(report(exitCode))).not.toThrow()
})
