import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Stretch, writeSparse } from '../../../../test/support/sparse-file.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { Buffers } from '../../src/apply/context.js'
import { Refusals } from '../../src/apply/refusals.js'
import { verify } from '../../src/apply/verify.js'
import { nodeHash } from '../../src/hash/node-crypto.js'
import { finish } from '../support/pairs.js'
import { type FileHandle, name, openTree, ways, withFileOperations } from '../support/trees.js'
import { failureOf } from './ground.js'

const mib = 1 << 20
const temporary = useTemporaryDirectory()

const context = {
  hash: undefined,
  settings: { hash: undefined, verify: true, sparse: true },
  isAborted: () => false,
  buffers: new Buffers(),
  refused: new Refusals(),
} as const

describe.each(ways)('what is read back, by %s,', way => {
  function verifying(
    digest: string,
    operations: (file: FileHandle) => Partial<FileHandle> = () => ({}),
    isAborted = context.isAborted,
  ): string {
    using opened = openTree(temporary.path, way)
    const { tree } = opened
    const file = tree.openFile(tree.root, name('f'))
    const read = withFileOperations(file, operations(file))
    const steps = verify({ ...context, isAborted }, read, () => nodeHash('md5'), digest)
    try {
      return failureOf(() => finish(steps))
    } finally {
      file.close()
    }
  }

  it.each<[what: string, size: number, data: readonly Stretch[]]>([
    ['nothing', 0, []],
    ['a byte', 1, [[0, 1]]],
    ['data', 2 * mib + 1, [[0, 2 * mib + 1]]],
    ['a hole', 3 * mib + 1, []],
    ['data between holes', 4 * mib, [[mib, 5]]],
    [
      'holes between data',
      4 * mib,
      [
        [0, 5],
        [4 * mib - 1, 1],
      ],
    ],
  ])('is compared to its last byte: %s', (_, size, data) => {
    const path = join(temporary.path, 'f')
    writeSparse(path, size, data)
    const content = readFileSync(path)
    expect(verifying(createHash('md5').update(content).digest('hex'))).toBe('none')
    const other = Buffer.concat([content.subarray(1), Buffer.from('x')])
    expect(verifying(createHash('md5').update(other).digest('hex'))).toBe('replica differs')
  })

  it('ends before it should', () => {
    writeSparse(join(temporary.path, 'f'), 5, [[0, 5]])
    expect(verifying('', () => ({ read: () => 0 }))).toBe('replica differs')
  })

  it('is left when the run is stopped', () => {
    writeSparse(join(temporary.path, 'f'), 5, [[0, 5]])
    expect(verifying('', undefined, () => true)).toBe('source unstable')
  })
})
