import { describe, expect, it } from 'vitest'
import type { Entry, Kind } from '../../src/model/entry.js'
import { type Attributes, attainable, dress, ownerRights } from '../../src/tree/attributes.js'
import type { Handle, OwnerRights } from '../../src/tree/tree.js'
import { entry } from '../support/pairs.js'
import type { Capabilities } from '../../src/tree/capabilities.js'
import { systemError } from '../support/trees.js'
import { noXattrs, type XattrChange } from '../../src/tree/xattrs.js'
import { capable } from '../support/capable.js'

/** A user 1000 of the groups 1000 and 50. */
const user: OwnerRights = { anyOwner: false, uid: 1000, gid: 1000, groups: [1000, 50] }

type Wanted = Partial<Omit<Attributes, 'mtimeNs'>>

describe('what the replica can be given', () => {
  const mine = { uid: 1000, gid: 1000 }
  it.each<[what: string, source: Partial<Entry>, replica: Partial<Entry> | undefined, wanted: Wanted]>([
    ['all of one’s own', { ...mine, mode: 0o6755 }, undefined, { ...mine, mode: 0o6755, isExact: true }],
    ['a group one is in', { uid: 1000, gid: 50 }, undefined, { uid: 1000, gid: 50, isExact: true }],
    ['no other owner', { uid: 7, gid: 1000 }, undefined, { ...mine, isExact: false }],
    ['no other group', { uid: 1000, gid: 7 }, undefined, { ...mine, isExact: false }],
    ['the group of another owner, if one is in it', { uid: 7, gid: 50 }, undefined, { uid: 1000, gid: 50 }],
    [
      'no setuid as another owner',
      { uid: 7, gid: 1000, mode: 0o6755 },
      undefined,
      { mode: 0o2755, isExact: false },
    ],
    [
      'no setgid as another group',
      { uid: 1000, gid: 7, mode: 0o6755 },
      undefined,
      { mode: 0o4755, isExact: false },
    ],
    [
      'neither as another of both',
      { uid: 7, gid: 7, mode: 0o7777 },
      undefined,
      { mode: 0o1777, isExact: false },
    ],
    [
      'setgid of a directory, which nobody runs',
      { kind: 'directory', uid: 1000, gid: 7, mode: 0o2775 },
      undefined,
      { ...mine, mode: 0o2775, isExact: false },
    ],
    [
      'what is there already',
      { uid: 7, gid: 8, mode: 0o6755 },
      { uid: 7, gid: 8, mode: 0o6755 },
      { uid: 7, gid: 8, mode: 0o6755, isExact: true },
    ],
    ['the owner that is there', { uid: 7, gid: 8 }, { uid: 9, gid: 10 }, { uid: 9, gid: 10, isExact: false }],
    [
      'no group to what another owns',
      { uid: 7, gid: 50 },
      { uid: 7, gid: 8 },
      { uid: 7, gid: 8, isExact: false },
    ],
    ['a group to what one owns', { uid: 7, gid: 50 }, { ...mine }, { uid: 1000, gid: 50, isExact: false }],
    // The system clears setgid when who sets the mode is not in the group: asking again would never end.
    [
      'no setgid of a group one is not in',
      { uid: 1000, gid: 7, mode: 0o2755 },
      { uid: 1000, gid: 7 },
      { gid: 7, mode: 0o755, isExact: false },
    ],
    [
      'no setgid of a directory of a group one is not in',
      { kind: 'directory', uid: 1000, gid: 7, mode: 0o2755 },
      { kind: 'directory', uid: 1000, gid: 7 },
      { gid: 7, mode: 0o755, isExact: false },
    ],
  ])('by a user: %s', (_, source, replica, wanted) => {
    const from = entry({ mtimeNs: 5n, ...source })
    const to = replica === undefined ? undefined : entry(replica)
    expect(attainable(from, to, capable({ rights: user }))).toMatchObject({ ...wanted, mtimeNs: 5n })
  })

  it.each<[source: Partial<Entry>, replica: Partial<Entry> | undefined]>([
    [{ uid: 7, gid: 8, mode: 0o6755 }, undefined],
    [
      { uid: 7, gid: 8, mode: 0o6755 },
      { uid: 9, gid: 10, mode: 0o644 },
    ],
    [
      { uid: 0, gid: 0, mode: 0 },
      { uid: 9, gid: 10 },
    ],
  ])('by root: %o over %o', (source, replica) => {
    const to = replica === undefined ? undefined : entry(replica)
    const { uid, gid, mode, mtimeNs } = entry(source)
    expect(attainable(entry(source), to, capable())).toEqual({ uid, gid, mode, mtimeNs, isExact: true })
  })
})

/** Says what is called. */
function recording(): { readonly handle: Handle; readonly calls: string[] } {
  const calls: string[] = []
  const handle: Handle = {
    stat: () => entry(),
    setOwner: (uid, gid) => void calls.push(`owner ${uid}:${gid}`),
    setMode: mode => void calls.push(`mode ${mode.toString(8)}`),
    setMtime: time => void calls.push(`mtime ${time}`),
    xattrs: () => noXattrs,
    setXattr: (name, value) =>
      void calls.push(`${name} ${value === undefined ? 'removed' : Buffer.from(value).toString('hex')}`),
    close: () => void calls.push('close'),
  }
  return { handle, calls }
}

describe('an entry is given its attributes', () => {
  const wanted: Attributes = { uid: 1, gid: 2, mode: 0o6755, mtimeNs: 9n, isExact: true }
  const same = { uid: 1, gid: 2, mode: 0o6755 }
  it.each<[what: string, current: Partial<Entry>, calls: readonly string[]]>([
    ['owner, then mode, then time', { uid: 0, gid: 0, mode: 0o600 }, ['owner 1:2', 'mode 6755', 'mtime 9']],
    ['the mode again after the owner', { ...same, uid: 0 }, ['owner 1:2', 'mode 6755', 'mtime 9']],
    ['the mode again after the group', { ...same, gid: 0 }, ['owner 1:2', 'mode 6755', 'mtime 9']],
    ['only the mode that differs', { ...same, mode: 0o755 }, ['mode 6755', 'mtime 9']],
    ['the time always', same, ['mtime 9']],
    ['a directory too', { ...same, kind: 'directory', mode: 0o700 }, ['mode 6755', 'mtime 9']],
    ['no mode to a link', { kind: 'symlink', uid: 0, gid: 2, mode: 0o777 }, ['owner 1:2', 'mtime 9']],
    ...(['fifo', 'socket', 'characterDevice', 'blockDevice'] as const).map(
      (kind: Kind): [string, Partial<Entry>, readonly string[]] => [
        `a ${kind} like a file`,
        { kind, uid: 1, gid: 2, mode: 0o600 },
        ['mode 6755', 'mtime 9'],
      ],
    ),
  ])('%s', (_, current, expected) => {
    const { handle, calls } = recording()
    dress(handle, entry(current), wanted)
    expect(calls).toEqual(expected)
  })
})

const acl = 'system.posix_acl_access'

/** Says what is called, and refuses what it is told to refuse. */
function refusing(
  refused: (name: string, tries: number) => string | undefined,
): ReturnType<typeof recording> {
  const { handle, calls } = recording()
  let tries = 0
  const setXattr: Handle['setXattr'] = (name, value) => {
    const code = refused(name, tries++)
    if (code !== undefined) throw systemError(code)
    handle.setXattr(name, value)
  }
  return { handle: { ...handle, setXattr }, calls }
}

describe('extended attributes', () => {
  const wanted: Attributes = { uid: 1, gid: 2, mode: 0o444, mtimeNs: 9n, isExact: true }
  const changes: readonly XattrChange[] = [
    { name: acl, value: Buffer.from('a') },
    { name: 'user.a', value: Buffer.from('1') },
    { name: 'user.b', value: undefined },
  ]

  it('come after the owner, and lists before the mode', () => {
    const { handle, calls } = recording()
    expect(dress(handle, entry({ uid: 0, gid: 0, mode: 0o600 }), wanted, changes)).toBeUndefined()
    const attributes = ['user.a 31', 'user.b removed']
    expect(calls).toEqual(['owner 1:2', ...attributes, `${acl} 61`, 'mode 444', 'mtime 9'])
  })

  it('X08: lists are removed while the group has nothing, which is the most that anybody of them has', () => {
    const { handle, calls } = recording()
    dress(handle, entry({ uid: 1, gid: 2, mode: 0o664 }), wanted, [{ name: acl, value: undefined }])
    expect(calls).toEqual(['mode 404', `${acl} removed`, 'mode 444', 'mtime 9'])
  })

  it('X06: the mode is set again after a list, which changes it', () => {
    const { handle, calls } = recording()
    dress(handle, entry({ uid: 1, gid: 2, mode: 0o444 }), wanted, changes.slice(0, 1))
    expect(calls).toEqual([`${acl} 61`, 'mode 444', 'mtime 9'])
  })

  it('without the list that it needs, the group has nothing', () => {
    const { handle, calls } = refusing(() => 'ENOTSUP')
    dress(handle, entry({ uid: 1, gid: 2, mode: 0o600 }), { ...wanted, mode: 0o670 }, changes.slice(0, 1))
    expect(calls).toEqual(['mode 600', 'mtime 9'])
  })

  it('are set on what is made writable for them, which gets its mode back', () => {
    const { handle, calls } = refusing((_, tries) => (tries === 0 ? 'EACCES' : undefined))
    const current = entry({ uid: 1, gid: 2, mode: 0o444 })
    expect(dress(handle, current, wanted, changes.slice(1))).toBeUndefined()
    expect(calls).toEqual(['mode 644', 'user.a 31', 'user.b removed', 'mode 444', 'mtime 9'])
  })

  it.each(['ENOSPC', 'ENOTSUP', 'E2BIG', 'EPERM', 'EACCES', 'EINVAL', 'EILSEQ'])(
    'that are refused are told (%s)',
    code => {
      const { handle, calls } = refusing(name => (name === 'user.a' ? code : undefined))
      const unset = dress(handle, entry({ uid: 1, gid: 2, mode: 0o644 }), wanted, changes)
      expect(unset).toMatchObject({ name: 'user.a', error: { code } })
      expect(calls).toEqual(['user.b removed', `${acl} 61`, 'mode 444', 'mtime 9'])
    },
  )

  it.each(['EIO', 'EROFS', 'EDQUOT'])('fail with the storage (%s)', code => {
    const { handle } = refusing(() => code)
    expect(() => dress(handle, entry(), wanted, changes)).toThrow(code)
  })
})

describe('what is not wanted, or not held', () => {
  it.each<
    [
      what: string,
      can: Partial<Capabilities>,
      source: Partial<Entry>,
      made: boolean,
      expected: Partial<Attributes>,
    ]
  >([
    ['an owner is left', { owner: 'unwanted' }, { uid: 7, gid: 8 }, true, { uid: undefined, gid: undefined }],
    ['a mode is left', { mode: 'unwanted' }, { mode: 0o600 }, false, { mode: undefined }],
    [
      'what is new has what the umask leaves',
      { mode: 'unwanted', newModes: 0o750 },
      { mode: 0o6777 },
      true,
      { mode: 0o750 },
    ],
    [
      'a mode that cannot be held is not tried',
      { mode: 'unheld' },
      { mode: 0o600 },
      true,
      { mode: undefined },
    ],
    [
      'nobody runs as another',
      { owner: 'unwanted' },
      { uid: 7, gid: 0, mode: 0o4755 },
      true,
      { mode: 0o755 },
    ],
    ['a time is left', { times: { ...capable().times, isWanted: false } }, {}, true, { mtimeNs: undefined }],
  ])('%s', (_, can, source, isMade, expected) => {
    const made = isMade ? { replaces: undefined } : undefined
    expect(attainable(entry(source), undefined, capable(can), made)).toMatchObject(expected)
  })

  it('a mode that is not wanted stays, also of what is made anew', () => {
    const can = capable({ mode: 'unwanted' })
    const replaces = entry({ mode: 0o604 })
    expect(attainable(entry({ mode: 0o777 }), undefined, can, { replaces }).mode).toBe(0o604)
  })
})

it('the rights are those of this process', () => {
  const uid = process.geteuid?.() ?? 0
  const gid = process.getegid?.() ?? 0
  expect(ownerRights()).toMatchObject({ anyOwner: uid === 0, uid, gid })
  expect(ownerRights().groups).toEqual(expect.arrayContaining([gid, ...(process.getgroups?.() ?? [])]))
})
