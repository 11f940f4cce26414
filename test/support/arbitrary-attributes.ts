/** Extended attributes for fast-check: of each name space, of any bytes, and those that the system itself reads. */
import fc from 'fast-check'
import { Buffer } from 'node:buffer'
import { type AclEntry, aclValue, capabilityValue } from './attribute-values.js'
import { bytesOfText } from './byte-names.js'
import { hostileNames } from './hostile-names.js'

export type Xattrs = Readonly<Record<string, Uint8Array>>

/** For whom it is: only files and directories have `user.` ones, and a link has no list of who may what. */
export type AttributeKind = 'file' | 'directory' | 'symlink' | 'special'

const shortNames = hostileNames.filter(name => bytesOfText(name).length < 200)

function arbitraryValue(longest: number): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    { arbitrary: fc.uint8Array({ maxLength: 20 }), weight: 6 },
    { arbitrary: fc.constantFrom('', '00', '0a00', 'ff00ff').map(hex => Buffer.from(hex, 'hex')), weight: 3 },
    { arbitrary: fc.nat(255).map(byte => Buffer.alloc(longest, byte)), weight: 1 },
  )
}

const permissions = fc.nat(7)
const id = fc.constantFrom(0, 1, 1000, 65_534, 2 ** 31 + 5)

/** With at least one entry that no mode can say. */
const arbitraryAcl: fc.Arbitrary<Uint8Array> = fc
  .record({
    base: fc.tuple(permissions, permissions, permissions, permissions),
    users: fc.uniqueArray(fc.tuple(id, permissions), {
      selector: ([who]) => who,
      minLength: 1,
      maxLength: 3,
    }),
    groups: fc.uniqueArray(fc.tuple(id, permissions), { selector: ([who]) => who, maxLength: 2 }),
  })
  .map(({ base: [user, group, mask, other], users, groups }) => {
    const entries: AclEntry[] = [
      ['user', user],
      ['group', group],
      ['mask', mask],
      ['other', other],
    ]
    for (const [who, may] of users) entries.push(['user', may, who])
    for (const [who, may] of groups) entries.push(['group', may, who])
    return aclValue(...entries)
  })

const arbitraryCapability = fc.nat(31).map(capability => capabilityValue(capability))

/** As root; values are at most so long, and none where that is 0. */
export function arbitraryXattrs(kind: AttributeKind, longest: number): fc.Arbitrary<Xattrs> {
  if (longest === 0) return fc.constant({})
  const name = fc.oneof(fc.constantFrom('a', 'b', 'mime_type'), fc.constantFrom(...shortNames))
  const value = arbitraryValue(longest)
  const trusted = fc.tuple(
    name.map(its => `trusted.${its}`),
    value,
  )
  const user = fc.tuple(
    name.map(its => `user.${its}`),
    value,
  )
  const list = fc.tuple(fc.constant('system.posix_acl_access'), arbitraryAcl)
  const some: Readonly<Record<AttributeKind, readonly fc.Arbitrary<readonly [string, Uint8Array]>[]>> = {
    file: [user, user, trusted, list, fc.tuple(fc.constant('security.capability'), arbitraryCapability)],
    directory: [user, user, trusted, list, fc.tuple(fc.constant('system.posix_acl_default'), arbitraryAcl)],
    symlink: [trusted],
    special: [trusted, list],
  }
  const chosen = fc.uniqueArray(fc.oneof(...some[kind]), {
    selector: ([its]) => its,
    minLength: 1,
    maxLength: 3,
  })
  return fc.oneof(
    { arbitrary: fc.constant({}), weight: 3 },
    { arbitrary: chosen.map(list => Object.fromEntries(list)), weight: 1 },
  )
}
