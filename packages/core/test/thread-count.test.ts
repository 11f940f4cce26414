import { afterEach, describe, expect, it, vi } from 'vitest'
import { threadsOf } from '../src/thread-count.js'
import { mostOpenFiles } from '../src/tree/open-files.js'

vi.mock('../src/tree/open-files.js', () => ({ mostOpenFiles: vi.fn<() => number>() }))

const gibibyte = 1 << 30

afterEach(() => vi.restoreAllMocks())

type Given = readonly [
  first: number,
  most: number,
  callerHelps: boolean,
  files: number,
  memory: number,
  bwlimit?: number,
]

function threads(...[first, most, callerHelps, files, memory, bwlimit]: Given): unknown {
  vi.mocked(mostOpenFiles).mockReturnValue(files)
  vi.spyOn(process, 'availableMemory').mockReturnValue(memory)
  return threadsOf({ concurrency: { first, most }, callerHelps, bwlimit })
}

describe('threads', () => {
  it.each<[what: string, given: Given, expected: object]>([
    ['as asked for, whatever there is room for', [3, 3, false, 64, 0], { count: 3, most: 3 }],
    ['one less where the caller’s thread helps', [3, 3, true, 1024, gibibyte], { count: 2, most: 2 }],
    [
      'more where they wait, up to what is allowed',
      [2, 16, false, Infinity, 8 * gibibyte],
      { count: 2, most: 16 },
    ],
    ['no more than may be open', [2, 16, false, 1024, 8 * gibibyte], { count: 2, most: 10 }],
    ['no more than there is memory for', [2, 16, false, Infinity, gibibyte / 4], { count: 2, most: 4 }],
    [
      'no more for a limit of bytes a second',
      [2, 16, false, Infinity, 8 * gibibyte, 1000],
      { count: 2, most: 2 },
    ],
    ['none where the caller’s thread is to do all', [1, 1, false, Infinity, gibibyte], { count: 0, most: 0 }],
    ['fewer to begin with where few files may be open', [8, 16, false, 256, gibibyte], { count: 1, most: 1 }],
    ['none where very few may be', [2, 16, false, 64, gibibyte], { count: 0, most: 0 }],
    ['none besides the caller’s, too', [2, 16, true, 64, gibibyte], { count: 0, most: 0 }],
    ['no fewer to begin with for want of memory', [2, 16, false, 1024, 0], { count: 2, most: 2 }],
  ])('%s', (_, given, expected) => {
    expect(threads(...given)).toEqual(expected)
  })
})
