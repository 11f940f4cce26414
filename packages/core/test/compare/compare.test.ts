import { describe, expect, it } from 'vitest'
import { type Action, type Reason, reasonsOf } from '../../src/model/change.js'
import { type Entry, type Kind, kinds } from '../../src/model/entry.js'
import type { ResidualAttribute } from '../../src/model/report.js'
import { judge } from '../../src/compare/compare.js'
import type { OwnerRights } from '../../src/tree/tree.js'
import { entry } from '../support/pairs.js'
import { capable } from '../support/capable.js'
import { asRoot } from '../support/trees.js'

/** A user 1000 of the groups 1000 and 50. */
const user: OwnerRights = { anyOwner: false, uid: 1000, gid: 1000, groups: [1000, 50] }
const specials = ['fifo', 'socket', 'characterDevice', 'blockDevice'] as const

interface Judged {
  readonly action: Action | undefined
  readonly reasons: readonly Reason[]
  readonly open: boolean
  readonly residuals: readonly ResidualAttribute[]
}

function side(fields: Partial<Entry> | undefined): Entry | undefined {
  return fields === undefined ? undefined : entry(fields)
}

function judged(
  source: Partial<Entry> | undefined,
  replica: Partial<Entry> | undefined,
  { rights = asRoot, trustMtime = true, native = false } = {},
): Judged {
  const { action, reasonBits, contentOpen, residuals } = judge(
    side(source),
    side(replica),
    capable({ rights }, native ? 'libc' : 'proc'),
    trustMtime,
  )
  return { action, reasons: reasonsOf(reasonBits), open: contentOpen, residuals }
}

const equal: Judged = { action: undefined, reasons: [], open: false, residuals: [] }
const time = 1_600_000_000_123_456_000n

describe('one side only', () => {
  it.each(kinds)('a %s of the replica is extraneous', kind => {
    expect(judged(undefined, { kind })).toEqual({ ...equal, action: 'delete', reasons: ['extraneous'] })
  })

  it.each(['file', 'directory', 'symlink'] as const)('a %s of the source is created', kind => {
    expect(judged({ kind }, undefined)).toEqual({ ...equal, action: 'create', reasons: ['new'] })
  })

  it.each(specials)('a %s of the source is created where it can be', kind => {
    const created: Judged = { ...equal, action: 'create', reasons: ['new'] }
    expect(judged({ kind }, undefined, { native: true })).toEqual(created)
  })

  it.each(specials)('a %s of the source is a residual', kind => {
    expect(judged({ kind }, undefined)).toEqual({ ...equal, residuals: ['special files'] })
  })
})

describe('two kinds', () => {
  const creatable = ['file', 'directory', 'symlink'] as const
  const changes = creatable.flatMap(kind =>
    kinds.filter(was => was !== kind).map((was): [Kind, Kind] => [kind, was]),
  )
  it.each(changes)('a %s takes the place of a %s', (kind, was) => {
    for (const trustMtime of [true, false]) {
      expect(judged({ kind, mode: 1, mtimeNs: 5000n }, { kind: was }, { trustMtime })).toEqual({
        ...equal,
        action: 'replace',
        reasons: ['kind'],
      })
    }
  })

  it.each(specials.flatMap(kind => kinds.map((was): [Kind, Kind] => [kind, was])))(
    'a %s over a %s is a residual, and nothing is done',
    (kind, was) => {
      expect(judged({ kind }, { kind: was })).toEqual({ ...equal, residuals: ['special files'] })
    },
  )
})

describe('what differs, by root', () => {
  /** The time alone decides nothing: content does. */
  const touched: Partial<Judged> = { action: 'metadata', reasons: ['mtime'], open: true }
  type Row = [what: string, source: Partial<Entry>, replica: Partial<Entry>, expected: Partial<Judged>]
  it.each<Row>([
    ['nothing', {}, {}, {}],
    ['another inode, device, ctime', {}, { inode: 9n, device: 8n, ctimeNs: 7n }, {}],
    ['size', { size: 1 }, { size: 2 }, { action: 'update', reasons: ['size'] }],
    ['mtime', { mtimeNs: time }, { mtimeNs: time + 1000n }, touched],
    ['mtime by a year', { mtimeNs: 0n }, {}, touched],
    ['mode', { mode: 0o600 }, {}, { action: 'metadata', reasons: ['mode'] }],
    ['setuid', { mode: 0o4644 }, {}, { action: 'update', reasons: ['mode'] }],
    [
      'owner of what has setuid',
      { mode: 0o4644 },
      { mode: 0o4644, uid: 9 },
      { action: 'update', reasons: ['owner'] },
    ],
    [
      'group of what has setgid',
      { mode: 0o2644 },
      { mode: 0o2644, gid: 9 },
      { action: 'update', reasons: ['group'] },
    ],
    ['setuid that is to go', {}, { mode: 0o4644 }, { action: 'metadata', reasons: ['mode'] }],
    ['time of what has setuid', { mode: 0o4644, mtimeNs: 0n }, { mode: 0o4644 }, touched],
    ['sticky', {}, { mode: 0o1644 }, { action: 'metadata', reasons: ['mode'] }],
    ['owner', { uid: 0 }, {}, { action: 'metadata', reasons: ['owner'] }],
    ['group', { gid: 0 }, {}, { action: 'metadata', reasons: ['group'] }],
    [
      'all attributes',
      { mode: 0, uid: 1, gid: 2, mtimeNs: 0n },
      {},
      { action: 'metadata', reasons: ['mtime', 'mode', 'owner', 'group'], open: true },
    ],
    [
      'size and attributes',
      { size: 1, mode: 0, uid: 1, gid: 2, mtimeNs: 0n },
      {},
      { action: 'update', reasons: ['size', 'mtime', 'mode', 'owner', 'group'] },
    ],
  ])('of a file: %s', (_, source, replica, expected) => {
    expect(judged(source, replica)).toEqual({ ...equal, ...expected })
  })

  it.each<Row>([
    ['nothing', {}, {}, { open: true }],
    ['size', { size: 1 }, { size: 2 }, { action: 'update', reasons: ['size'] }],
    ['mtime', { mtimeNs: 0n }, {}, { action: 'metadata', reasons: ['mtime'], open: true }],
    ['mode', { mode: 0 }, {}, { action: 'metadata', reasons: ['mode'], open: true }],
    ['size and mode', { size: 1, mode: 0 }, {}, { action: 'update', reasons: ['size', 'mode'] }],
  ])('of a file whose time is not trusted: %s', (_, source, replica, expected) => {
    expect(judged(source, replica, { trustMtime: false })).toEqual({ ...equal, ...expected })
  })

  it.each<Row>([
    ['nothing', {}, {}, {}],
    ['size, which says nothing', { size: 1 }, {}, {}],
    ['names in it', { links: 9 }, {}, {}],
    ['mtime', { mtimeNs: 0n }, {}, { action: 'metadata', reasons: ['mtime'] }],
    ['mode', { mode: 0o700 }, {}, { action: 'metadata', reasons: ['mode'] }],
    ['owner and group', { uid: 0, gid: 0 }, {}, { action: 'metadata', reasons: ['owner', 'group'] }],
  ])('of a directory: %s', (_, source, replica, expected) => {
    const dir = { kind: 'directory' } as const
    for (const trustMtime of [true, false]) {
      const found = judged({ ...dir, ...source }, { ...dir, ...replica }, { trustMtime })
      expect(found).toEqual({ ...equal, ...expected })
    }
  })

  it.each<Row>([
    ['nothing, but perhaps the target', {}, {}, {}],
    ['mode, which it does not have', { mode: 0o700 }, {}, {}],
    ['size, which the target will tell', { size: 3 }, {}, {}],
    ['mtime', { mtimeNs: 0n }, {}, { action: 'metadata', reasons: ['mtime'] }],
    ['owner', { uid: 7 }, {}, { action: 'metadata', reasons: ['owner'] }],
    ['group', { gid: 7 }, {}, { action: 'metadata', reasons: ['group'] }],
  ])('of a link: %s', (_, source, replica, expected) => {
    const link = { kind: 'symlink', mode: 0o777 } as const
    for (const trustMtime of [true, false]) {
      const found = judged({ ...link, ...source }, { ...link, ...replica }, { trustMtime })
      expect(found).toEqual({ ...equal, open: true, ...expected })
    }
  })
})

describe('times', () => {
  it.each<[source: bigint, replica: bigint, differs: boolean, residual: boolean]>([
    [time, time, false, false],
    [time + 789n, time + 789n, false, false],
    [time + 789n, time, false, true],
    [time, time + 789n, false, false],
    [time + 789n, time + 1000n, true, true],
    [-1n, -1000n, false, true],
    [-1000n, -1n, false, false],
    [-1n, 0n, true, true],
  ])('%s against %s', (source, replica, differs, residual) => {
    expect(judged({ mtimeNs: source }, { mtimeNs: replica })).toEqual({
      ...equal,
      ...(differs ? { action: 'metadata', reasons: ['mtime'], open: true } : {}),
      residuals: residual ? ['nanoseconds'] : [],
    })
  })

  it.each<[source: bigint, replica: bigint, differs: boolean, isDoubted: boolean]>([
    [time + 789n, time + 789n, false, false],
    [time + 789n, time, true, false],
    [time, time + 789n, true, false],
    [time + 789n, time + 1000n, true, true],
    [-1n, -1000n, true, false],
  ])('to the nanosecond: %s against %s', (source, replica, differs, isDoubted) => {
    for (const kind of ['file', 'directory'] as const) {
      expect(judged({ kind, mtimeNs: source }, { kind, mtimeNs: replica }, { native: true })).toEqual({
        ...equal,
        ...(differs ? { action: 'metadata', reasons: ['mtime'], open: isDoubted && kind === 'file' } : {}),
      })
    }
  })

  it('of what is created are held to the microsecond', () => {
    expect(judged({ mtimeNs: time + 1n }, undefined).residuals).toEqual(['nanoseconds'])
    expect(judged({ mtimeNs: time }, undefined).residuals).toEqual([])
  })
})

describe('special files that can be created', () => {
  it.each(specials)('a %s is given its attributes', kind => {
    const found = judged({ kind, mode: 0o600 }, { kind, mode: 0o644 }, { native: true, trustMtime: false })
    expect(found).toEqual({ ...equal, action: 'metadata', reasons: ['mode'] })
    expect(judged({ kind }, { kind }, { native: true, trustMtime: false })).toEqual(equal)
  })

  it.each(['characterDevice', 'blockDevice'] as const)('a %s that is another is made anew', kind => {
    const found = judged({ kind, deviceNumber: 259 }, { kind, deviceNumber: 261 }, { native: true })
    expect(found).toEqual({ ...equal, action: 'update', reasons: ['device'] })
  })

  it.each(specials)('a %s replaces another kind', kind => {
    const found = judged({ kind }, { kind: 'file' }, { native: true })
    expect(found).toEqual({ ...equal, action: 'replace', reasons: ['kind'] })
  })
})

describe('several names', () => {
  it.each<[kind: Kind, links: number]>([
    ['file', 1],
    ['file', 2],
    ['symlink', 2],
    ['directory', 5],
  ])('of a %s with %i are no residual: the plan decides on them', (kind, links) => {
    for (const replica of [undefined, { kind }, { kind, links }]) {
      expect(judged({ kind, links }, replica).residuals).toEqual([])
    }
  })
})

describe('by a user', () => {
  const mine = { uid: 1000, gid: 1000 }
  type Row = [
    what: string,
    source: Partial<Entry>,
    replica: Partial<Entry> | undefined,
    expected: Partial<Judged>,
  ]
  it.each<Row>([
    ['all is mine', mine, mine, {}],
    ['a foreign owner cannot be given', { uid: 7 }, mine, { residuals: ['owner'] }],
    ['a foreign group cannot be given', { gid: 7 }, mine, { residuals: ['group'] }],
    ['nor both', { uid: 7, gid: 7 }, mine, { residuals: ['owner', 'group'] }],
    ['one of my groups is given', { gid: 50 }, mine, { action: 'metadata', reasons: ['group'] }],
    [
      'setuid of another is left out, and not asked for again',
      { uid: 7, mode: 0o4755 },
      { ...mine, mode: 0o755 },
      { residuals: ['owner', 'setuid and setgid'] },
    ],
    [
      'the rest of the mode is not',
      { uid: 7, mode: 0o4755 },
      { ...mine, mode: 0o700 },
      { action: 'metadata', reasons: ['mode'], residuals: ['owner', 'setuid and setgid'] },
    ],
    [
      'what is created is mine',
      { uid: 7, gid: 7 },
      undefined,
      { action: 'create', reasons: ['new'], residuals: ['owner', 'group'] },
    ],
    ['a file of another, equal', { uid: 7, gid: 7 }, { uid: 7, gid: 7 }, {}],
    [
      'a file of another is made anew',
      { uid: 7, mode: 0o600 },
      { uid: 7 },
      { action: 'metadata', reasons: ['mode'] },
    ],
  ])('%s', (_, source, replica, expected) => {
    expect(judged(source, replica, { rights: user })).toEqual({ ...equal, ...expected })
  })

  it.each<[what: string, replica: Partial<Entry>, expected: Partial<Judged>]>([
    ['equal', { uid: 7 }, {}],
    ['with another mode', { uid: 7, mode: 0o700 }, { residuals: ['foreign directories'] }],
    ['with another time', { uid: 7, mtimeNs: 0n }, { residuals: ['foreign directories'] }],
    [
      'that is mine, with another mode',
      { uid: 1000, mode: 0o700 },
      { action: 'metadata', reasons: ['mode'], residuals: ['owner'] },
    ],
  ])('a directory of another: %s', (_, replica, expected) => {
    const dir = { kind: 'directory' } as const
    expect(judged({ ...dir, uid: 7 }, { ...dir, ...replica }, { rights: user })).toEqual({
      ...equal,
      ...expected,
    })
  })
})
