/**
 * How many messages the caller's thread and the workers send each other for 1,000 files: a guard of speed that hardly
 * depends on the clock. A message is paid for on both sides with a turn of an event loop, so a job is a directory, or a
 * chunk of a plan, and small jobs travel together; how many do depends a little on who is faster.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, it, type MockInstance, vi } from 'vitest'
import { holding, mirror, useFolders } from '../support/mirror.js'

/** For 1,000 files, with those that start and end the two threads. */
const most = {
  // 100 directories of 10 files: a message each way for each directory would be 200.
  'nothing to do': 60,
  // The same: those of the walk, and those of the chunks, of which one holds four directories and more.
  'first copy, many directories': 120,
  // Chunks of 256 files, and one directory.
  'first copy, one directory': 50,
}

const folders = useFolders()
let sent: MockInstance<Worker['postMessage']>
let emitted: MockInstance<Worker['emit']>

beforeEach(() => {
  sent = vi.spyOn(Worker.prototype, 'postMessage')
  emitted = vi.spyOn(Worker.prototype, 'emit')
})

afterEach(() => {
  vi.restoreAllMocks()
})

function writeFiles(directories: number, perDirectory: number): number {
  for (let directory = 0; directory < directories; directory++) {
    const path = join(folders.source, `d${directory}`)
    mkdirSync(path, { recursive: true })
    for (let file = 0; file < perDirectory; file++) writeFileSync(join(path, `f${file}`), 'content')
  }
  return directories * perDirectory
}

/** Messages each way for 1,000 files. */
async function messagesFor(files: number): Promise<number> {
  sent.mockClear()
  emitted.mockClear()
  // Nothing is left to the caller's thread, so every job is in a message.
  await mirror(folders, { held: holding, concurrency: 2 }, {}, [], { threadsAtOnce: true })
  const received = emitted.mock.calls.filter(([event]) => event === 'message').length
  // Each message is answered, and each thread says that it is ready, and is told to end.
  expect(received).toBe(sent.mock.calls.length)
  expect(received).toBeGreaterThan(2)
  return ((received + sent.mock.calls.length) / files) * 1000
}

it('messages for 1,000 files in 100 directories', async () => {
  const files = writeFiles(200, 10)
  expect(await messagesFor(files)).toBeLessThan(most['first copy, many directories'])
  expect(await messagesFor(files)).toBeLessThan(most['nothing to do'])
})

it('messages for 1,000 files of one directory', async () => {
  const files = writeFiles(1, 4000)
  expect(await messagesFor(files)).toBeLessThan(most['first copy, one directory'])
})
