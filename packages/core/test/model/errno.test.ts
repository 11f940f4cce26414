import { describe, expect, it } from 'vitest'
import { errnoOf, isBusy, isGone, isStorageFailure, isSwapped, meaningOf } from '../../src/model/errno.js'

/** As Node throws it: a number, a code where libuv knows one, and a message with a raw name in it. */
function thrown(errno: number | undefined, code: string | undefined): Error {
  const details = { ...(errno === undefined ? {} : { errno }), ...(code === undefined ? {} : { code }) }
  return Object.assign(new Error(`${code}: sentence, open '/raw\u001bname'`), details)
}

describe('the name of an error', () => {
  it.each<[errno: number | undefined, code: string | undefined, name: string | undefined]>([
    [-13, 'EACCES', 'EACCES'],
    [-2, 'ENOENT', 'ENOENT'],
    // No name in libuv: the code is a sentence, or UNKNOWN.
    [-122, 'Unknown system error -122', 'EDQUOT'],
    [-116, 'UNKNOWN', 'ESTALE'],
    [-117, 'Unknown system error -117', 'EUCLEAN'],
    [-74, 'UNKNOWN', 'EBADMSG'],
    [-108, 'Unknown system error -108', 'ESHUTDOWN'],
    [-108, 'ESHUTDOWN', 'ESHUTDOWN'],
    [-9999, 'UNKNOWN', undefined],
    [undefined, 'ELOOP', 'ELOOP'],
    [undefined, 'ERR_INVALID_ARG_TYPE', undefined],
    [undefined, undefined, undefined],
  ])('%s %s is %s', (errno, code, name) => {
    expect(errnoOf(thrown(errno, code))).toBe(name)
  })

  it.each([undefined, null, 'ENOENT', 5, { code: 'ENOENT' }])(
    'of %s, which is no error, there is none',
    value => {
      expect(errnoOf(value)).toBeUndefined()
    },
  )
})

describe('what an error says', () => {
  it.each<[error: unknown, meaning: string]>([
    [thrown(-13, 'EACCES'), 'permission denied (EACCES)'],
    [thrown(-122, 'UNKNOWN'), 'the quota is used up (EDQUOT)'],
    [thrown(-28, 'ENOSPC'), 'no space, or no inode, is left (ENOSPC)'],
    // One without words of ours still keeps Node's message, and the raw name in it, out.
    [thrown(-71, 'EPROTO'), 'the system refused (EPROTO)'],
    [new Error('a sentence'), 'a sentence'],
    ['text', 'text'],
    [undefined, 'undefined'],
  ])('%s: %s', (error, meaning) => {
    expect(meaningOf(error)).toBe(meaning)
  })
})

describe('what follows from an error', () => {
  const judgements = { isGone, isSwapped, isBusy, isStorageFailure }
  type Judgement = keyof typeof judgements
  it.each<[name: string, judgements: readonly Judgement[]]>([
    ['ENOENT', ['isGone', 'isSwapped']],
    ['ENOTDIR', ['isGone', 'isSwapped']],
    ['ELOOP', ['isSwapped']],
    ['EISDIR', ['isSwapped']],
    ['ENXIO', ['isSwapped']],
    ['EBUSY', ['isBusy']],
    ['EPERM', ['isBusy']],
    ['EACCES', ['isBusy']],
    ['ETXTBSY', ['isBusy']],
    ['ENOSPC', ['isStorageFailure']],
    ['EDQUOT', ['isStorageFailure']],
    ['EROFS', ['isStorageFailure']],
    ['EIO', ['isStorageFailure']],
    ['ESTALE', ['isStorageFailure']],
    ['ENODEV', ['isStorageFailure']],
    ['ENOTCONN', ['isStorageFailure']],
    ['ESHUTDOWN', ['isStorageFailure']],
    ['EUCLEAN', ['isStorageFailure']],
    ['EBADMSG', ['isStorageFailure']],
    ['EEXIST', []],
    ['ENOTEMPTY', []],
    ['ENAMETOOLONG', []],
    ['EFBIG', []],
    ['EMFILE', []],
    ['EXDEV', []],
    ['EMLINK', []],
    ['EINVAL', []],
  ])('%s: %j', (name, expected) => {
    const error = thrown(undefined, name)
    const found = Object.entries(judgements).filter(([, judge]) => judge(error))
    expect(found.map(([judgement]) => judgement)).toEqual(expected)
  })

  it.each([-122, -116, -117, -74, -108])('the number %i alone is a storage failure', errno => {
    expect(isStorageFailure(thrown(errno, 'UNKNOWN'))).toBe(true)
  })

  it('of what is no system error, nothing', () => {
    for (const value of [undefined, 'ENOSPC', new Error('ENOSPC')]) {
      expect(Object.values(judgements).map(judge => judge(value))).toEqual([false, false, false, false])
    }
  })
})
