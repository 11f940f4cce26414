import { describe, expect, it } from 'vitest'
import {
  hasUnheld,
  type XattrHoldings,
  type Xattrs,
  wantsXattrs,
  xattrChanges,
} from '../../src/tree/xattrs.js'

const all: XattrHoldings = {
  user: 'held',
  trusted: 'held',
  security: 'held',
  acls: 'held',
  takesCapabilities: true,
}
const none: XattrHoldings = {
  user: 'unwanted',
  trusted: 'unwanted',
  security: 'unwanted',
  acls: 'unwanted',
  takesCapabilities: true,
}
const byUser: XattrHoldings = { ...all, trusted: 'unheld', security: 'unheld' }

function xattrs(values: Readonly<Record<string, string | undefined>>): Xattrs {
  return new Map(
    Object.entries(values).map(([name, value]) => [
      name,
      value === undefined ? undefined : Buffer.from(value),
    ]),
  )
}

function changes(
  source: Readonly<Record<string, string | undefined>>,
  replica: Readonly<Record<string, string | undefined>>,
  holdings = all,
): readonly string[] {
  return xattrChanges(xattrs(source), xattrs(replica), holdings).map(({ name, value }) =>
    value === undefined ? `-${name}` : `${name}=${Buffer.from(value).toString()}`,
  )
}

const acl = 'system.posix_acl_access'
const defaultAcl = 'system.posix_acl_default'

describe('what makes the replica’s attributes the source’s', () => {
  it.each<
    [
      what: string,
      source: Readonly<Record<string, string | undefined>>,
      replica: Readonly<Record<string, string | undefined>>,
      expected: readonly string[],
      holdings?: XattrHoldings,
    ]
  >([
    ['nothing of nothing', {}, {}, []],
    ['nothing of what is equal', { 'user.a': '1', [acl]: 'x' }, { 'user.a': '1', [acl]: 'x' }, []],
    ['what is missing', { 'user.a': '1' }, {}, ['user.a=1']],
    ['an empty value', { 'user.a': '' }, {}, ['user.a=']],
    ['another value', { 'user.a': '1' }, { 'user.a': '2' }, ['user.a=1']],
    ['a longer value', { 'user.a': '11' }, { 'user.a': '1' }, ['user.a=11']],
    ['what is too much, first', { 'user.b': '1' }, { 'user.a': '2' }, ['-user.a', 'user.b=1']],
    [
      'every kind',
      { 'trusted.t': '1', 'security.capability': '2', [defaultAcl]: '3' },
      {},
      ['trusted.t=1', 'security.capability=2', `${defaultAcl}=3`],
    ],
    [
      'X09: no capabilities of a source that is not trusted',
      { 'security.capability': '2', 'security.other': '3' },
      {},
      ['security.other=3'],
      { ...all, takesCapabilities: false },
    ],
    [
      'X09: capabilities that the replica has, though the source has them too',
      { 'security.capability': '2' },
      { 'security.capability': '2' },
      ['-security.capability'],
      { ...all, takesCapabilities: false },
    ],
    ['access control lists', {}, { [acl]: '1', [defaultAcl]: '2' }, [`-${acl}`, `-${defaultAcl}`]],
    ['nothing over what cannot be read in the replica', { 'user.a': '1' }, { 'user.a': undefined }, []],
    ['nothing that cannot be read in the source', { 'user.a': undefined }, {}, []],
    ['nothing of the kernel’s own', { 'security.ima': '1' }, { 'security.evm': '2' }, []],
    ['no other name of a list', { 'trusted.SGI_ACL_FILE': '1' }, { 'trusted.SGI_ACL_DEFAULT': '2' }, []],
    [
      'a label, but never none',
      { 'security.selinux': '1' },
      { 'security.SMACK64': '2' },
      ['security.selinux=1'],
    ],
    ['nothing a file system makes up', { 'btrfs.compression': 'zstd' }, { 'system.ntfs_acl': '1' }, []],
    ['nothing that a user may not set', { 'trusted.t': '1' }, { 'security.capability': '1' }, [], byUser],
    ['nothing that is not wanted', { 'user.a': '1', [acl]: '1' }, { 'user.b': '1' }, [], none],
  ])('%s', (_, source, replica, expected, holdings) => {
    expect(changes(source, replica, holdings)).toEqual(expected)
  })
})

describe('attributes that cannot be held', () => {
  it.each<
    [what: string, source: Readonly<Record<string, string | undefined>>, holdings: XattrHoldings, is: boolean]
  >([
    ['none', {}, byUser, false],
    ['those of users can', { 'user.a': '1' }, byUser, false],
    ['those of root cannot', { 'user.a': '1', 'trusted.t': '1' }, byUser, true],
    ['nor those of a file system', { 'btrfs.compression': 'zstd' }, all, true],
    ['nor what cannot be read', { 'user.a': undefined }, all, true],
    ['what is not wanted does not count', { 'user.a': '1', 'btrfs.compression': '' }, none, false],
    ['nor does the kernel’s own', { 'security.ima': '1' }, all, false],
  ])('%s', (_, source, holdings, is) => {
    expect(hasUnheld(xattrs(source), holdings)).toBe(is)
  })
})

it('they are looked at unless none is wanted', () => {
  expect([all, byUser, none].map(wantsXattrs)).toEqual([true, true, false])
})
