import { expect, it } from 'vitest'
import { trustsTime } from '../../src/compare/trusts-time.js'
import type { CompareSettings } from '../../src/model/compare-settings.js'
import type { CompareRequest } from '../../src/model/jobs.js'
import { capable } from '../support/capable.js'
import { entry } from '../support/pairs.js'

const settings: CompareSettings = {
  content: 'metadata',
  hash: undefined,
  wantAll: false,
  deleteExcluded: false,
  oneFileSystem: false,
  links: 'preserve',
  limits: undefined,
  copiesTell: false,
}
const known: CompareRequest = { path: '', inSource: true, inReplica: true }
const doubted: CompareRequest = { ...known, doubt: 'times' }
const can = capable()
const byClock = entry({ size: 5, mtimeNs: 1_600_000_000_123_456_789n })
const byHand = entry({ size: 5, mtimeNs: 1_600_000_000_000_000_000n })

it.each([
  { what: 'a path that both sides have', request: known, source: byHand, trusts: true },
  {
    what: 'a directory that was moved, and a time of the clock',
    request: doubted,
    source: byClock,
    trusts: true,
  },
  {
    what: 'a directory that was moved, and a time set by hand',
    request: doubted,
    source: byHand,
    trusts: false,
  },
  {
    what: 'what may be another directory',
    request: { ...known, doubt: 'all' as const },
    source: byClock,
    trusts: false,
  },
  { what: 'nothing in it', request: doubted, source: { ...byHand, size: 0 }, trusts: true },
  { what: 'what is no file', request: doubted, source: entry({ ...byHand, kind: 'symlink' }), trusts: true },
])('$what: $trusts', ({ request, source, trusts }) => {
  expect(trustsTime({ settings, can }, request, source)).toBe(trusts)
})

it('trusts none where content is to be compared', () => {
  expect(trustsTime({ settings: { ...settings, content: 'content' }, can }, known, byClock)).toBe(false)
})

it('trusts no time of what was moved where times are not wanted', () => {
  const without = { ...can, times: { ...can.times, isWanted: false } }
  expect(trustsTime({ settings, can: without }, doubted, byClock)).toBe(false)
})
