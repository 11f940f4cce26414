import { expect, it } from 'vitest'
import { buffersOf } from '../../src/run/messages.js'

it('the buffers of columns are moved, and of nothing else', () => {
  const [bytes, cells] = [new Uint8Array(3), new BigInt64Array(2)]
  const part = {
    bytes,
    cells,
    text: 'x',
    list: [new Uint8Array(1)],
    nested: { bytes: new Uint8Array(1) },
    none: null,
  }
  expect(buffersOf([part])).toEqual([bytes.buffer, cells.buffer])
  expect(buffersOf([undefined, null, 1, 'text', part, { bytes: new Uint8Array(4) }])).toHaveLength(3)
  expect(buffersOf([])).toEqual([])
})

it('memory that threads share stays where it is', () => {
  expect(buffersOf([{ flag: new Int32Array(new SharedArrayBuffer(4)), raw: new ArrayBuffer(4) }])).toEqual([])
})
