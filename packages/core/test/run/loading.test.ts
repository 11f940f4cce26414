import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import ts from 'typescript'
import { afterEach, describe, expect, it } from 'vitest'
import { guardEnd, LoadingGate, unguardEnd } from '../../src/run/loading.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { until } from './start-executor.js'

const temporary = useTemporaryDirectory()
const threads: Worker[] = []
afterEach(async () => {
  await Promise.all(threads.splice(0).map(async thread => await thread.terminate()))
})

const [arrived, allowed, begun, done] = [0, 1, 2, 3]

/** A thread that loads something: it says that it has come, that it has begun, and, once that is allowed and took a while, that it is done. */
function startLoading(shared: SharedArrayBuffer): Int32Array {
  const { outputText } = ts.transpileModule(
    readFileSync(new URL('../../src/run/loading.ts', import.meta.url), 'utf8'),
    { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 } },
  )
  writeFileSync(join(temporary.path, 'loading.mjs'), outputText)
  const thread = join(temporary.path, 'thread.mjs')
  writeFileSync(
    thread,
    `import { workerData } from 'node:worker_threads'
    import { LoadingGate } from './loading.mjs'
    const marks = new Int32Array(workerData.marks)
    Atomics.store(marks, ${arrived}, 1)
    new LoadingGate(workerData.shared).pass(() => {
      Atomics.store(marks, ${begun}, 1)
      Atomics.wait(marks, ${allowed}, 0)
      Atomics.wait(marks, ${done}, 0, 50)
      Atomics.store(marks, ${done}, 1)
    })`,
  )
  const marks = new Int32Array(new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT))
  threads.push(new Worker(pathToFileURL(thread), { workerData: { shared, marks: marks.buffer } }))
  return marks
}

function allow(marks: Int32Array): void {
  Atomics.store(marks, allowed, 1)
  Atomics.notify(marks, allowed)
}

function fail(): never {
  throw new Error('not there')
}

describe('a gate to load behind', () => {
  it('is closed when who was loading is done', async () => {
    const gate = new LoadingGate()
    const loading = [startLoading(gate.shared), startLoading(gate.shared)]
    await until(() => loading.every(marks => marks[begun] === 1))
    for (const marks of loading) allow(marks)
    gate.close()
    expect(loading.map(marks => marks[done])).toEqual([1, 1])
  })

  it('holds off who comes later, until it is opened again', async () => {
    const gate = new LoadingGate()
    gate.close()
    const marks = startLoading(gate.shared)
    allow(marks)
    await until(() => marks[arrived] === 1)
    // It does not count as one who loads, however long it stands there.
    gate.close()
    expect([marks[begun], marks[done]]).toEqual([0, 0])
    gate.open()
    await until(() => marks[done] === 1)
  })

  it('is closed after a while, though who loads is never done', async () => {
    const gate = new LoadingGate()
    const marks = startLoading(gate.shared)
    await until(() => marks[begun] === 1)
    gate.close(20)
    expect(marks[done]).toBe(0)
  })

  it('is closed at once when nobody loads, also when what was loaded could not be', () => {
    const gate = new LoadingGate()
    expect(() => gate.pass(fail)).toThrow('not there')
    gate.pass(() => {})
    const began = performance.now()
    gate.close()
    expect(performance.now() - began).toBeLessThan(2500)
  })
})

describe('the end of the process', () => {
  it('is heard of by one listener, before all others, as long as there are threads', () => {
    const others = process.listeners('exit')
    const shared = guardEnd()
    const [first, ...rest] = process.listeners('exit')
    expect([guardEnd(), rest]).toEqual([shared, others])
    expect(others).not.toContain(first)
    unguardEnd()
    expect(process.listeners('exit')).toEqual([first, ...others])
    unguardEnd()
    expect(process.listeners('exit')).toEqual(others)
  })

  it('waits for who loads; where it was none, the gate is opened again', async () => {
    const shared = guardEnd()
    const [closeGate] = process.listeners('exit')
    const loading = startLoading(shared)
    await until(() => loading[begun] === 1)
    allow(loading)
    closeGate?.(0)
    expect(loading[done]).toBe(1)
    const later = startLoading(shared)
    allow(later)
    await until(() => later[done] === 1)
    unguardEnd()
  })
})
