import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { lstatSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isRoot } from '../../../../test/support/entry-kind.js'
import { type Fault, type RaceStep, swapForLink } from '../../../../test/support/faulty.js'
import { directory, file } from '../../../../test/support/tree-literal.js'
import { copyFile, type FileCopy } from '../../src/apply/copy-file.js'
import { nodeHash } from '../../src/hash/node-crypto.js'
import type { ApplySettings } from '../../src/model/finish-jobs.js'
import type { Name } from '../../src/model/path.js'
import { finish } from '../support/pairs.js'
import { failureOf, type Ground, leftStaged, staged, useGround } from './ground.js'

const place = useGround()
const mib = 1 << 20
const large = Buffer.alloc(3 * mib, 'large')
const sha256 = { hash: () => nodeHash('sha256'), settings: { hash: 'sha256', verify: false, sparse: true } }

/** Copies the file `f` to the first name in the staging directory. */
function* copying({ context }: Ground): Generator<void, FileCopy> {
  const staging = context.staging()
  const to = { directory: staging.directory, name: staging.nextName(), staging }
  return yield* copyFile(context, { directory: context.source.tree.root, name: 'f' as Name }, to, undefined)
}

function copied(ground: Ground): FileCopy {
  return finish(copying(ground))
}

function copyPath({ staging }: Ground): string {
  return join(place.replica, staging, '0', '1')
}

describe('copies', () => {
  it.each([0, 1, 65_535, 65_536, 65_537, mib - 1, mib, mib + 1])('%i bytes', size => {
    const content = Buffer.from(Array.from({ length: size }, (_, at) => (at * 7 + (at >> 8)) & 255))
    const ground = place.open({ source: { f: content }, context: sha256 })
    const digest = createHash('sha256').update(content).digest('hex')
    expect(copied(ground)).toEqual({ bytes: size, digest })
    expect(readFileSync(copyPath(ground)).equals(content)).toBe(true)
  })

  it.each<[what: string, settings: Omit<ApplySettings, 'sparse'>, digest: unknown]>([
    ['nothing is asked', { hash: undefined, verify: false }, undefined],
    ['it is verified only', { hash: undefined, verify: true }, undefined],
    ['a hash is asked for', { hash: 'md5', verify: true }, '5d41402abc4b2a76b9719d911017c592'],
  ])('and tells the digest when it was asked for: %s', (_, settings, digest) => {
    const ground = place.open({
      source: { f: 'hello' },
      context: { settings: { ...settings, sparse: true }, hash: () => nodeHash('md5') },
    })
    expect(copied(ground)).toEqual({ bytes: 5, digest })
  })

  it.each([1, 1000, mib - 1])('what is read %i bytes at a time', most => {
    const source = { f: large.subarray(0, most === 1 ? 10 : large.length) }
    const ground = place.open({ source, faults: [{ side: 'source', call: 'handle.read', path: 'f', most }] })
    expect(copied(ground).bytes).toBe(source.f.length)
    expect(readFileSync(copyPath(ground)).equals(source.f)).toBe(true)
  })

  it('in steps, a chunk each', () => {
    const steps = copying(place.open({ source: { f: large }, context: sha256 }))
    expect([steps.next().done, steps.next().done, steps.next().done, steps.next().done]).toEqual([
      false,
      false,
      false,
      true,
    ])
  })

  it.each(['in the staging directory', 'beside its place'])('with mode, owner and time: %s', where => {
    const owner = isRoot ? { uid: 1234, gid: 4321 } : {}
    const mtime = '2001-02-03T04:05:06.789012Z'
    const attributes = { mode: isRoot ? 0o6751 : 0o751, mtime, ...owner }
    const { context, entry, staging: inReplica } = place.open({ source: { e: '', f: file('x', attributes) } })
    const staging = context.staging()
    const isStaged = where === 'in the staging directory'
    const { root } = context.replica.tree
    const to = isStaged ? { directory: staging.directory, staging } : { directory: root, staging: undefined }
    // The second file is not looked at any more before it is dressed.
    for (const each of ['e', 'f'] as Name[])
      finish(
        copyFile(
          context,
          { directory: context.source.tree.root, name: each },
          { ...to, name: each },
          undefined,
        ),
      )
    const found = entry('replica', isStaged ? `${inReplica}/0/f` : 'f')
    const expected = { mode: attributes.mode, mtimeNs: 981_173_106_789_012_000n, ...owner }
    expect(found).toMatchObject(expected)
  })
})

const f = (): string => join(place.source, 'f')
const moved = (): RaceStep => ({ do: 'rename', from: f(), to: `${f()}.was` })

describe('a source that does not keep still', () => {
  type Moving = readonly [what: string, content: string | Uint8Array, race: () => readonly RaceStep[]]
  const moves: readonly Moving[] = [
    ['grows', 'content', () => [{ do: 'append', path: f(), content: 'more' }]],
    ['grows from nothing', '', () => [{ do: 'append', path: f(), content: 'more' }]],
    ['grows while it is large', large, () => [{ do: 'append', path: f(), content: 'more' }]],
    ['shrinks', 'content', () => [{ do: 'truncate', path: f(), size: 3 }]],
    ['shrinks to nothing', 'content', () => [{ do: 'truncate', path: f(), size: 0 }]],
    ['shrinks while it is large', large, () => [{ do: 'truncate', path: f(), size: mib + 5 }]],
    ['is rewritten', 'content', () => [{ do: 'write', path: f(), content: 'CONTENT' }]],
    ['is replaced', 'content', () => [moved(), { do: 'write', path: f(), content: 'CONTENT' }]],
    ['is removed', 'content', () => [{ do: 'remove', path: f() }]],
  ]
  it.each(moves.flatMap(move => [[...move, false] as const, [...move, true] as const]))(
    '%s: is not copied, to be tried again',
    (_, content, race, after) => {
      const fault = { side: 'source', call: 'handle.read', path: 'f', times: 1, race: race(), after } as const
      const ground = place.open({ source: { f: content }, faults: [fault] })
      untilChangesShow(f())
      expect(failureOf(() => copied(ground))).toBe('source unstable')
      expect(leftStaged(place.replica, ground)).toEqual([])
    },
  )

  type Swap = readonly [what: string, race: () => readonly RaceStep[], failure: string]
  it.each<Swap>([
    ['nothing', () => [moved()], 'source ENOENT'],
    ['a link', () => swapForLink(f(), 'f.was'), 'source ELOOP'],
    ['a directory', () => [moved(), { do: 'mkdir', path: f() }], 'source changed'],
    ['a FIFO', () => [moved(), { do: 'fifo', path: f() }], 'source changed'],
  ])('%s by now: is not copied', (_, race, failure) => {
    const fault = { side: 'source', call: 'openFile', path: 'f', race: race() } as const
    const ground = place.open({ source: { f: 'content' }, faults: [fault] })
    expect(failureOf(() => copied(ground))).toBe(failure)
    expect(leftStaged(place.replica, ground)).toEqual([])
  })

  it.each<[content: Buffer, said: number]>([
    [Buffer.from('0123456789'), 0],
    [Buffer.from('0123456789'), 9],
    [Buffer.from('0123456789'), 11],
    [Buffer.from('01234'), 5 * mib],
    [large, 5],
    [large, mib],
    [large, large.length + 1],
    [Buffer.alloc(65_537), 65_536],
  ])('does not say its true size (%#): is not taken for copied', (content, said) => {
    const ground = place.open({
      source: { f: content },
      wrap: tree =>
        Object.assign(Object.create(tree) as typeof tree, {
          openFile: (...where: Parameters<typeof tree.openFile>) => {
            const opened = tree.openFile(...where)
            const stat = (): unknown => ({ ...opened.stat(), size: said })
            return Object.assign(Object.create(opened) as typeof opened, { stat })
          },
        }),
    })
    expect(failureOf(() => copied(ground))).toBe('source unstable')
    expect(leftStaged(place.replica, ground)).toEqual([])
  })
})

it('a source that grows faster than it is read is not read for ever', () => {
  const grows = { side: 'source', call: 'handle.read', path: 'f' } as const
  const race = [{ do: 'append', path: f(), content: 'on' }] as const
  const ground = place.open({ source: { f: 'content' }, faults: [{ ...grows, race }] })
  untilChangesShow(f())
  expect(failureOf(() => copied(ground))).toBe('source unstable')
  expect(leftStaged(place.replica, ground)).toEqual([])
})

/** Until the clock of the file system has moved on, a change may not be seen by its time. */
function untilChangesShow(path: string): void {
  const scratch = join(place.path, 'scratch')
  do writeFileSync(scratch, '')
  while (lstatSync(scratch, { bigint: true }).ctimeNs <= lstatSync(path, { bigint: true }).ctimeNs)
}

describe('an error', () => {
  const verifying = { hash: () => nodeHash('md5'), settings: { hash: undefined, verify: true, sparse: true } }
  const copy = staged(1)
  type Broken = readonly [what: string, fault: Omit<Fault, 'side' | 'path'>, failure: string]
  it.each<Broken>([
    ['when the source is opened', { call: 'openFile', errno: 'EACCES' }, 'source EACCES'],
    ['when it is looked at', { call: 'handle.stat', errno: 'EIO' }, 'source EIO'],
    ['when it is read', { call: 'handle.read', errno: 'EIO' }, 'source EIO'],
    ['when it is read on', { call: 'handle.read', nth: 2, errno: 'ESTALE' }, 'source ESTALE'],
    ['when it is looked at again', { call: 'handle.stat', nth: 2, errno: 'EIO' }, 'source EIO'],
  ])("%s is the source's, and leaves nothing", (_, fault, failure) => {
    const faults = [{ side: 'source', path: 'f', ...fault } as const]
    const ground = place.open({ source: { f: large }, faults, context: verifying })
    expect(failureOf(() => copied(ground))).toBe(failure)
    expect(leftStaged(place.replica, ground)).toEqual([])
  })

  it.each<Broken>([
    ['when the copy is created', { call: 'createFile', errno: 'EDQUOT' }, 'EDQUOT'],
    ['when it is written', { call: 'handle.write', errno: 'ENOSPC' }, 'ENOSPC'],
    ['when it is written on', { call: 'handle.write', nth: 2, errno: 'ENOSPC' }, 'ENOSPC'],
    ['when it gets its mode', { call: 'handle.setMode', errno: 'EPERM' }, 'EPERM'],
    ['when it gets its time', { call: 'handle.setMtime', errno: 'EIO' }, 'EIO'],
    ['when it is closed', { call: 'handle.close', times: 1, errno: 'EDQUOT' }, 'EDQUOT'],
    ['when it is opened to verify it', { call: 'openFile', errno: 'EMFILE' }, 'EMFILE'],
    ['when it is read to verify it', { call: 'handle.read', nth: 2, errno: 'EIO' }, 'EIO'],
    ['when it cannot be removed either', { call: 'handle.write', nth: 2, errno: 'ENOSPC' }, 'ENOSPC'],
  ])("%s is the replica's, and leaves nothing", (what, fault, failure) => {
    const cannotRemove = what.includes('either')
    const removing = { side: 'replica', call: 'unlink', path: copy, times: 1, errno: 'EIO' } as const
    const faults = [{ side: 'replica', path: copy, ...fault } as const, ...(cannotRemove ? [removing] : [])]
    const ground = place.open({ source: { f: large }, faults, context: verifying })
    expect(failureOf(() => copied(ground))).toBe(failure)
    expect(leftStaged(place.replica, ground)).toEqual(cannotRemove ? ['1'] : [])
  })

  it.runIf(isRoot)('when it gets its owner leaves nothing', () => {
    const faults = [{ side: 'replica', call: 'handle.setOwner', path: copy, errno: 'EPERM' }] as const
    const ground = place.open({ source: { f: file('x', { uid: 7 }) }, faults })
    expect(failureOf(() => copied(ground))).toBe('EPERM')
    expect(leftStaged(place.replica, ground)).toEqual([])
  })

  it.each([5, 3 * mib])('in the bytes of %i is found when they are verified', size => {
    const faults = [{ side: 'replica', call: 'handle.write', path: copy, times: 1, garbles: true }] as const
    const ground = place.open({ source: { f: large.subarray(0, size) }, faults, context: verifying })
    expect(failureOf(() => copied(ground))).toBe('replica differs')
    expect(leftStaged(place.replica, ground)).toEqual([])
  })

  it('of a name that is taken leaves what is there', () => {
    const ground = place.open({ source: { f: 'x' }, replica: { taken: directory({ x: '' }) } })
    const { context, staging } = ground
    writeFileSync(join(place.replica, staging, '0-planted'), 'planted')
    const to = {
      directory: context.replica.held.enter(staging),
      name: '0-planted' as Name,
      staging: undefined,
    }
    expect(
      failureOf(() =>
        finish(copyFile(context, { directory: context.source.tree.root, name: 'f' as Name }, to, undefined)),
      ),
    ).toBe('EEXIST')
    expect(readFileSync(join(place.replica, staging, '0-planted'), 'utf8')).toBe('planted')
  })
})

describe('an abort', () => {
  it.each([0, 1, 2])('after %i steps ends it before the next chunk, and leaves nothing', steps => {
    let left = steps
    const ground = place.open({ source: { f: large }, context: { ...sha256, isAborted: () => left-- === 0 } })
    expect(failureOf(() => copied(ground))).toBe('source unstable')
    expect(left).toBe(-1)
    expect(leftStaged(place.replica, ground)).toEqual([])
  })

  it('does not come in the way of a file that is read at once', () => {
    const ground = place.open({ source: { f: 'small' }, context: { isAborted: () => true } })
    expect(copied(ground).bytes).toBe(5)
  })
})
