/** Extended attributes for random edits: few names, so that the same ones are set again and again. */
import type { Buffer } from 'node:buffer'
import { aclValue, capabilityValue } from './attribute-values.js'
import type { EntryKind } from './entry-kind.js'
import type { Random } from './random.js'

/** What each kind may have; others have `trusted` ones only. */
export const attributeNames: Readonly<Partial<Record<EntryKind, readonly string[]>>> = {
  file: ['user.a', 'user.b', 'trusted.t', 'system.posix_acl_access', 'security.capability'],
  directory: ['user.a', 'user.b', 'trusted.t', 'system.posix_acl_access', 'system.posix_acl_default'],
}

export function randomAttribute(random: Random, name: string): Buffer {
  if (name === 'security.capability') return capabilityValue(random.below(32))
  if (!name.startsWith('system.')) return random.bytes(random.below(60))
  return aclValue(
    ['user', random.below(8)],
    ['user', random.below(8), 1000 + random.below(3)],
    ['group', random.below(8)],
    ['mask', random.below(8)],
    ['other', random.below(8)],
  )
}
