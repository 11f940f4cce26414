import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { StreamSink } from '../src/stream-sink.js'
import { FakeStream, systemError } from './support/fake-io.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function open({ gather = true } = {}) {
  const stream = new FakeStream()
  const controller = new AbortController()
  const before: string[] = []
  const beforeWrite = () => void before.push(stream.text)
  const sink = new StreamSink(stream, { gather, beforeWrite, signal: controller.signal })
  return { stream, sink, controller, before }
}

/** Whether a promise is settled by now. */
async function isSettled(promise: Promise<void> | undefined): Promise<boolean> {
  const pending = Symbol('pending')
  return (await Promise.race([promise, Promise.resolve().then(() => pending)])) !== pending
}

it('gathers lines and writes them together, a moment later', () => {
  const { stream, sink } = open()
  expect(sink.write('a\n')).toBeUndefined()
  expect(sink.write('b\n')).toBeUndefined()
  expect(stream.writes).toEqual([])
  vi.advanceTimersByTime(100)
  expect(stream.writes).toEqual(['a\nb\n'])
})

it('writes early when much is gathered, and at a flush', () => {
  const { stream, sink } = open()
  void sink.write('x'.repeat(32 * 1024))
  expect(stream.writes).toHaveLength(1)
  void sink.write('y')
  void sink.flush()
  expect(stream.writes).toHaveLength(2)
  void sink.flush()
  expect(stream.writes).toHaveLength(2)
})

it('writes at once where lines are not gathered, and tells before it does', () => {
  const { stream, sink, before } = open({ gather: false })
  void sink.write('a\n')
  void sink.write('b\n')
  expect(stream.writes).toEqual(['a\n', 'b\n'])
  expect(before).toEqual(['', 'a\n'])
})

it('makes the writer wait for a slow reader', async () => {
  const { stream, sink } = open()
  stream.full = true
  void sink.write('a')
  const waiting = sink.flush()
  expect(await isSettled(waiting)).toBe(false)
  expect(await isSettled(sink.write('b'))).toBe(false)
  stream.emit('drain')
  await waiting
  stream.full = false
  expect(sink.flush()).toBeUndefined()
  expect(stream.text).toBe('ab')
})

it('drops what nobody reads any more, and keeps nobody waiting', async () => {
  const { stream, sink } = open({ gather: false })
  stream.full = true
  const waiting = sink.write('a')
  stream.emit('error', systemError('EPIPE'))
  await waiting
  expect(sink.write('b')).toBeUndefined()
  expect(stream.text).toBe('a')
  expect(sink.takeFailure()).toBeUndefined()
})

it('says once why text was lost, by its first failure', () => {
  const { stream, sink } = open({ gather: false })
  expect(sink.takeFailure()).toBeUndefined()
  for (const code of ['ENOSPC', 'EIO']) stream.emit('error', systemError(code))
  expect(sink.takeFailure()).toBe('no space left (ENOSPC)')
  stream.emit('error', systemError('EIO'))
  expect(sink.takeFailure()).toBeUndefined()
})

it('keeps nobody waiting once the run is aborted', async () => {
  const { stream, sink, controller } = open({ gather: false })
  stream.full = true
  const waiting = sink.write('a')
  controller.abort()
  await waiting
  expect(sink.write('b')).toBeUndefined()
  expect(stream.text).toBe('ab')
})
