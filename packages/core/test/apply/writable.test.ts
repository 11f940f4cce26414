import { describe, expect, it } from 'vitest'
import { whileWritable } from '../../src/apply/writable.js'
import type { Entry } from '../../src/model/entry.js'
import type { Directory, OwnerRights } from '../../src/tree/tree.js'
import { entry } from '../support/pairs.js'
import { failureOf } from './ground.js'

const me: OwnerRights = { anyOwner: false, uid: 1000, gid: 1000, groups: [1000] }
const root: OwnerRights = { ...me, anyOwner: true, uid: 0 }

interface Tried {
  readonly failure: string
  readonly tries: number
  readonly modes: readonly number[]
}

/** Tries a step that fails with the codes given, one after the other, and then goes well. */
function tryStep(codes: readonly string[], found: Partial<Entry>, rights = me, onMode?: () => void): Tried {
  const modes: number[] = []
  let tries = 0
  const directory = {
    stat: () => entry({ kind: 'directory', ...found }),
    setMode: mode => {
      onMode?.()
      modes.push(mode)
    },
  } as Partial<Directory> as Directory
  const failure = failureOf(() =>
    whileWritable(rights, directory, () => {
      const code = codes[tries++]
      if (code !== undefined) throw Object.assign(new Error(code), { code })
    }),
  )
  return { failure, tries, modes }
}

function refuseMode(): never {
  throw Object.assign(new Error('EROFS'), { code: 'EROFS' })
}

describe('whileWritable', () => {
  it('does a step that goes well once, and asks nothing', () => {
    expect(tryStep([], { mode: 0o555 })).toEqual({ failure: 'none', tries: 1, modes: [] })
  })

  it.each<[mode: number, made: number]>([
    [0o555, 0o755],
    [0o000, 0o700],
    [0o077, 0o777],
    [0o600, 0o700],
    [0o300, 0o700],
    [0o1555, 0o1755],
    [0o2500, 0o2700],
  ])('opens up a directory of mode %o to %o, and does the step again', (mode, made) => {
    expect(tryStep(['EACCES'], { mode })).toEqual({ failure: 'none', tries: 2, modes: [made] })
  })

  it.each<[what: string, code: string, found: Partial<Entry>, rights: OwnerRights]>([
    ['another error', 'ENOENT', { mode: 0o555 }, me],
    ['what is not permitted, whoever may write', 'EPERM', { mode: 0o555 }, me],
    ['a directory that is writable: it was something else', 'EACCES', { mode: 0o755 }, me],
    ['a directory of somebody else', 'EACCES', { mode: 0o555, uid: 1001 }, me],
    ['what is refused even to root', 'EACCES', { mode: 0o555 }, root],
  ])('passes on %s', (_, code, found, rights) => {
    expect(tryStep([code, code], found, rights)).toEqual({ failure: code, tries: 1, modes: [] })
  })

  it('does it again once only', () => {
    expect(tryStep(['EACCES', 'EACCES'], { mode: 0o555 })).toEqual({
      failure: 'EACCES',
      tries: 2,
      modes: [0o755],
    })
  })

  it('passes on why the directory cannot be opened up', () => {
    expect(tryStep(['EACCES'], { mode: 0o555 }, me, refuseMode)).toEqual({
      failure: 'EROFS',
      tries: 1,
      modes: [],
    })
  })
})
