import { expect, it } from 'vitest'
import { ifDue, unitName } from '../../src/jobs/entry.js'
import { jobFlags } from '../../src/job-flags.js'

it('what schedulers are told is what the command takes', () => {
  expect(unitName({ name: 'nightly' })).toBe('facsimile-nightly')
  expect(jobFlags.map(({ long }) => long)).toContain(ifDue)
})
