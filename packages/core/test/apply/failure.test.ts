import { constants } from 'node:os'
import { describe, expect, it } from 'vitest'
import { bytes } from '../../../../test/support/byte-names.js'
import { ChangeFailure, isWorthAnotherTry, onSource, problemOf } from '../../src/apply/failure.js'

/** As Node makes it: the raw name is in the message. */
function systemError(code: string, number?: number): Error {
  const errno = -(number ?? (constants.errno as Record<string, number>)[code] ?? 0)
  return Object.assign(new Error(`${code}: said the system, open '/raw\nname'`), {
    code,
    errno,
    path: '/raw\nname',
  })
}
function unnamedError(number: number): Error {
  return systemError(`Unknown system error -${number}`, number)
}
function sourceError(cause: Error): unknown {
  return thrownBy(() =>
    onSource(() => {
      throw cause
    }),
  )
}
function thrownBy(step: () => unknown): unknown {
  try {
    step()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

type Told = readonly [what: string, error: unknown, code: string, exitCode: number, errno: string | undefined]

describe('a failure is told as', () => {
  it.each<Told>([
    ['a full disk', systemError('ENOSPC'), 'storage-failed', 11, 'ENOSPC'],
    ['a read-only file system', systemError('EROFS'), 'storage-failed', 11, 'EROFS'],
    ['a broken disk', systemError('EIO'), 'storage-failed', 11, 'EIO'],
    ['a quota, which libuv has no name for', unnamedError(122), 'storage-failed', 11, 'EDQUOT'],
    ['a stale handle', unnamedError(116), 'storage-failed', 11, 'ESTALE'],
    ['a damaged file system', unnamedError(117), 'storage-failed', 11, 'EUCLEAN'],
    ['a device that is gone', systemError('ENODEV'), 'storage-failed', 11, 'ENODEV'],
    ['a write that is refused', systemError('EACCES'), 'replica-failed', 23, 'EACCES'],
    ['a file in use', systemError('EBUSY'), 'replica-failed', 23, 'EBUSY'],
    ['a directory with something in it', systemError('ENOTEMPTY'), 'replica-failed', 23, 'ENOTEMPTY'],
    ['a parent that is gone', systemError('ENOENT'), 'replica-failed', 23, 'ENOENT'],
    ['a parent that is a link', systemError('ELOOP'), 'replica-failed', 23, 'ELOOP'],
    ['an error of ours', new TypeError('oops'), 'replica-failed', 23, undefined],
    ['what is no error', 'thrown', 'replica-failed', 23, undefined],
    [
      'another entry in the replica',
      new ChangeFailure('replica', 'changed', 'is new'),
      'replica-changed',
      24,
      undefined,
    ],
    [
      'a copy that is not equal',
      new ChangeFailure('replica', 'differs', 'differs'),
      'verify-failed',
      28,
      undefined,
    ],
  ])('%s, of the replica', (_, error, code, exitCode, errno) => {
    expect(problemOf(error, 'd/x', 'update')).toMatchObject({
      code,
      exitCode,
      errno,
      side: 'replica',
      path: 'd/x',
    })
  })

  it.each<Told>([
    ['no longer there', sourceError(systemError('ENOENT')), 'source-changed', 24, 'ENOENT'],
    [
      'in what is no directory any more',
      sourceError(systemError('ENOTDIR')),
      'source-changed',
      24,
      'ENOTDIR',
    ],
    ['a link by now', sourceError(systemError('ELOOP')), 'source-changed', 24, 'ELOOP'],
    ['a socket by now', sourceError(systemError('ENXIO')), 'source-changed', 24, 'ENXIO'],
    ['a directory by now', sourceError(systemError('EISDIR')), 'source-changed', 24, 'EISDIR'],
    ['not for us to read', sourceError(systemError('EACCES')), 'source-unreadable', 23, 'EACCES'],
    ['on a broken disk', sourceError(systemError('EIO')), 'source-unreadable', 23, 'EIO'],
    ['on a stale handle', sourceError(unnamedError(116)), 'source-unreadable', 23, 'ESTALE'],
    ['one file too many', sourceError(systemError('EMFILE')), 'source-unreadable', 23, 'EMFILE'],
    [
      'being written',
      new ChangeFailure('source', 'unstable', 'was being written'),
      'source-changed',
      24,
      undefined,
    ],
    ['of another kind', new ChangeFailure('source', 'changed', 'is a fifo'), 'source-changed', 24, undefined],
  ])('%s, of the source', (_, error, code, exitCode, errno) => {
    expect(problemOf(error, 'd/x', 'update')).toMatchObject({
      code,
      exitCode,
      errno,
      side: 'source',
      path: 'd/x',
    })
  })
})

describe('the message', () => {
  const changed = new ChangeFailure('source', 'changed', 'is no longer a file')
  const unstable = new ChangeFailure('source', 'unstable', 'was being written')
  const differs = new ChangeFailure('replica', 'differs', 'holds other bytes')
  it.each<[error: unknown, message: string]>([
    [systemError('EACCES'), 'cannot set the attributes of "x" in the replica: permission denied (EACCES)'],
    [unnamedError(122), 'cannot set the attributes of "x" in the replica: the quota is used up (EDQUOT)'],
    [new TypeError('oops'), 'cannot set the attributes of "x" in the replica: oops'],
    [changed, '"x" is no longer a file; left for the next run'],
    [unstable, '"x" was being written; the replica keeps its old version'],
    [differs, '"x" holds other bytes; the replica keeps its old version'],
    [sourceError(systemError('ENOENT')), '"x" vanished from the source; left for the next run'],
    [
      sourceError(systemError('EIO')),
      'cannot read "x": input/output error (EIO); the replica keeps what it has',
    ],
  ])('%s', (error, message) => {
    expect(problemOf(error, 'x', 'set the attributes of').message).toBe(message)
  })

  it.each([
    systemError('EACCES'),
    changed,
    unstable,
    differs,
    sourceError(systemError('ENOENT')),
    sourceError(systemError('EIO')),
  ])('is one line without raw names: %s', error => {
    const path = `d/line\nbreak\u001b[31m\u202e${bytes('ff')}`
    const { message, ...told } = problemOf(error, path, 'create')
    expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e\udc80-\udcff]|\/raw/)
    expect(message).toContain('d/line')
    expect(told.path).toBe(path)
  })
})

describe('another try', () => {
  it.each<[isWorth: boolean, what: string, error: unknown]>([
    [true, 'a file in use', systemError('EBUSY')],
    [true, 'a program that runs', systemError('ETXTBSY')],
    [true, 'what a scanner holds on Windows', systemError('EPERM')],
    [true, 'what a scanner holds on Windows, too', systemError('EACCES')],
    [true, 'a source in use', sourceError(systemError('EBUSY'))],
    [true, 'a source that is being written', new ChangeFailure('source', 'unstable', 'was being written')],
    [false, 'a full disk', systemError('ENOSPC')],
    [false, 'a source that vanished', sourceError(systemError('ENOENT'))],
    [false, 'a source on a broken disk', sourceError(systemError('EIO'))],
    [false, 'a replica that changed', new ChangeFailure('replica', 'changed', 'is new')],
    [false, 'a source of another kind', new ChangeFailure('source', 'changed', 'is a fifo')],
    [false, 'a copy that is not equal', new ChangeFailure('replica', 'differs', 'differs')],
    [false, 'an error of ours', new TypeError('oops')],
  ])('%s: %s', (isWorth, _, error) => {
    expect(isWorthAnotherTry(error)).toBe(isWorth)
  })
})

describe('onSource', () => {
  it('gives back what the step returns', () => {
    expect(onSource(() => 7)).toBe(7)
  })

  it('leaves a failure that is known better alone', () => {
    const known = new ChangeFailure('replica', 'changed', 'is new')
    expect(sourceError(known)).toBe(known)
  })

  it('keeps the cause, and says nothing of the raw name', () => {
    const cause = systemError('EIO')
    expect(sourceError(cause)).toMatchObject({
      side: 'source',
      reason: 'system',
      cause,
      message: 'input/output error (EIO)',
    })
  })
})
