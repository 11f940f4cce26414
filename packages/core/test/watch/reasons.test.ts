import { expect, it } from 'vitest'
import { whyDegraded } from '../../src/watch/reasons.js'

it.each([
  ['watches', 'ENOSPC', /^no more directories can be watched \(ENOSPC\).*fs\.inotify\.max_user_watches=/],
  ['instances', 'EMFILE', /\(EMFILE\).*fs\.inotify\.max_user_instances=/],
  ['type', 'NFS', /^"a\\nb" lies on NFS, which does not tell of each change/],
  ['other', 'EIO', /^"a\\nb" cannot be watched \(EIO\)/],
] as const)('W02: %s: is said with what is done instead, and what would help', (code, detail, text) => {
  const why = whyDegraded({ code, shownPath: 'a\\nb', detail })
  expect(why).toMatch(text)
  expect(why).toContain('all is compared every few seconds instead')
})
