import { constants } from 'node:os'
import { describe, expect, it } from 'vitest'
import type { Libc } from '../../src/tree/native.js'
import { NativeHandle } from '../../src/tree/native-handles.js'

const SEEK_DATA = 3

/** A file system that answers so when it is asked for data, and for the hole behind it. */
function handle(data: number | string, hole: number | string): NativeHandle {
  let failure = 0
  const libc = {
    lseek: (_: number, __: number, from: number) => {
      const answer = from === SEEK_DATA ? data : hole
      if (typeof answer === 'number') return answer
      failure = constants.errno[answer as 'EINVAL']
      return -1
    },
    errno: () => failure,
  } as Partial<Libc> as Libc
  return new NativeHandle(libc, -1)
}

describe('the next data', () => {
  it.each<[what: string, data: number | string, hole: number | string, found: [number, number]]>([
    ['is where the file system says', 20, 30, [20, 30]],
    ['ends where the file does', 20, 100, [20, 100]],
    ['ends where the file did, though it has grown', 20, 170, [20, 100]],
    ['is none where only a hole follows', 'ENXIO', 'ENXIO', [100, 100]],
    ['is none where it lies behind the size that was asked about', 120, 130, [100, 100]],
    ['is all where the file system cannot tell', 'EINVAL', 'EINVAL', [10, 100]],
    ['is all where the file system knows no such call', 'ENOSYS', 'ENOSYS', [10, 100]],
    ['is all the rest where its end cannot be told', 20, 'EIO', [20, 100]],
  ])('%s', (_, data, hole, [start, end]) => {
    expect(handle(data, hole).nextData(10, 100)).toEqual({ start, end })
  })
})
