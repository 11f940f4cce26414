import { describe, expect, it } from 'vitest'
import { fullAbilities } from '../../src/tree/abilities.js'
import { type FileAbilities, probeFile } from '../../src/tree/probe-file.js'
import type { FileHandle, OwnerRights } from '../../src/tree/tree.js'
import type { Entry } from '../../src/model/entry.js'
import { entry } from '../support/pairs.js'
import { asRoot, systemError } from '../support/trees.js'

const second = 1_000_000_000n

/** How a file system of the test takes what is set. */
interface Model {
  readonly time?: (time: bigint) => bigint
  readonly mode?: (mode: number) => number
  readonly owner?: (id: number) => number
  readonly xattr?: (name: string) => boolean
  readonly size?: (size: number) => Pick<Entry, 'size' | 'allocated'>
}

function fileOn({
  time = kept,
  mode = kept,
  owner = kept,
  xattr = () => true,
  size = holed,
}: Model): FileHandle {
  let found = entry({ mode: 0o600, uid: 0, gid: 0 })
  const xattrs = new Map<string, Uint8Array | undefined>()
  const handle: Partial<FileHandle> = {
    stat: () => found,
    setSize: wanted => void (found = { ...found, ...size(wanted) }),
    setOwner: (uid, gid) => void (found = { ...found, uid: owner(uid), gid: owner(gid) }),
    setMode: wanted => void (found = { ...found, mode: mode(wanted) }),
    setMtime: wanted => void (found = { ...found, mtimeNs: time(wanted) }),
    xattrs: () => xattrs,
    setXattr: (name, value) => {
      if (value === undefined) xattrs.delete(name)
      else if (xattr(name)) xattrs.set(name, value)
    },
  }
  return handle as FileHandle
}

function kept<T>(value: T): T {
  return value
}

function holed(size: number): Pick<Entry, 'size' | 'allocated'> {
  return { size, allocated: 0 }
}

function refusing(code: string): () => never {
  return () => {
    throw systemError(code)
  }
}

function between(from: bigint, to: bigint, step = 1n): (time: bigint) => bigint {
  return time => {
    const inside = time < from ? from : time > to ? to : time
    return inside - (((inside % step) + step) % step)
  }
}

const all: FileAbilities = {
  owners: true,
  modes: true,
  userXattrs: true,
  trustedXattrs: true,
  securityXattrs: true,
  acls: true,
  holes: true,
  timeStepNs: 1n,
  earlyStepNs: 1n,
  earliestNs: fullAbilities.earliestNs,
  latestNs: fullAbilities.latestNs,
}

describe('a file tells what its file system keeps', () => {
  it.each<[what: string, model: Model, differs: Partial<FileAbilities>]>([
    ['everything', {}, {}],
    ['no modes, refused', { mode: refusing('ENOSYS') }, { modes: false }],
    ['no modes, in silence', { mode: () => 0o777 }, { modes: false }],
    ['no modes, and says one that was asked for first', { mode: () => 0o600 }, { modes: false }],
    ['no owners, refused', { owner: refusing('EPERM') }, { owners: false }],
    ['no owners, in silence', { owner: () => 0 }, { owners: false }],
    ['owners that cannot be named here', { owner: refusing('EINVAL') }, { owners: false }],
    [
      'no attributes',
      { xattr: refusing('ENOTSUP') },
      { userXattrs: false, trustedXattrs: false, securityXattrs: false, acls: false },
    ],
    ['no lists, in silence', { xattr: name => !name.startsWith('system.') }, { acls: false }],
    [
      'no attributes of root',
      { xattr: name => name.startsWith('user.') || refusing('EPERM')() },
      {
        trustedXattrs: false,
        securityXattrs: false,
        acls: false,
      },
    ],
    ['no holes, refused', { size: refusing('EPERM') }, { holes: false }],
    ['no holes, written', { size: size => ({ size, allocated: size }) }, { holes: false }],
    ['no holes, in silence', { size: () => ({ size: 0, allocated: 0 }) }, { holes: false }],
    [
      'steps of 100 ns',
      { time: time => time - (((time % 100n) + 100n) % 100n) },
      { timeStepNs: 100n, earlyStepNs: 100n },
    ],
    [
      'no fractions before 1970',
      { time: time => (time < 0n ? (time / second) * second : time) },
      { earlyStepNs: second },
    ],
    ['microseconds, which plain Node sets', { time: time => time - (((time % 1000n) + 1000n) % 1000n) }, {}],
    [
      'whole seconds of 32 bits',
      { time: between(-(2n ** 31n) * second, (2n ** 31n - 1n) * second, second) },
      {
        timeStepNs: second,
        earlyStepNs: second,
        earliestNs: -(2n ** 31n) * second,
        latestNs: (2n ** 31n - 1n) * second,
      },
    ],
    [
      'an end that no list has',
      { time: between(-5n * second, 9_999_999_999n * second) },
      { earlyStepNs: 2n * second, earliestNs: -5n * second, latestNs: 9_999_999_999n * second },
    ],
    [
      'an end beyond which it begins again',
      { time: time => BigInt.asUintN(32, time / second) * second },
      { timeStepNs: second, earlyStepNs: 2n * second, earliestNs: 0n, latestNs: (2n ** 32n - 1n) * second },
    ],
  ])('%s', (_, model, differs) => {
    expect(probeFile(fileOn(model), asRoot, true)).toEqual({ ...all, ...differs })
  })

  it('without the C library no attributes are asked for', () => {
    const none = { userXattrs: false, trustedXattrs: false, securityXattrs: false, acls: false }
    expect(probeFile(fileOn({ xattr: refusing('asked') }), asRoot, false)).toEqual({ ...all, ...none })
  })

  it.each([
    [1000, true],
    [0, false],
  ])('who is not root sees whether files are their own (of %i)', (uid, owners) => {
    const user: OwnerRights = { anyOwner: false, uid: 1000, gid: 1000, groups: [1000] }
    const file = { ...fileOn({ owner: refusing('asked') }), stat: () => entry({ uid, mode: 0o640 }) }
    expect(probeFile(file, user, true)).toMatchObject({ owners })
  })

  it('is left with the owner it had', () => {
    const file = fileOn({})
    probeFile(file, asRoot, true)
    expect([file.stat().uid, file.stat().gid, file.xattrs().size]).toEqual([0, 0, 0])
  })
})
