import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { JobTable } from '../../src/run/job.js'
import type { FromThread, SentTask } from '../../src/run/messages.js'

type Serve = (jobs: JobTable) => void

/** The thread's end of the line to its master. */
class Port extends EventEmitter {
  readonly posted: FromThread[] = []
  readonly moved: ArrayBuffer[][] = []
  isClosed = false

  postMessage(message: FromThread, transfer: ArrayBuffer[]): void {
    this.posted.push(message)
    this.moved.push(transfer)
  }

  close(): void {
    this.isClosed = true
  }
}

let port: Port
/** Read when the module is loaded: two mocks of one module may be taken in either order. */
let parentPort: Port | null
beforeEach(() => {
  port = new Port()
  parentPort = port
  vi.doMock('node:worker_threads', () => ({ parentPort }))
})
afterEach(() => {
  vi.doUnmock('node:worker_threads')
  vi.resetModules()
})

async function serving(told: unknown[] = []): Promise<void> {
  const { serve } = (await import('../../src/run/thread.js')) as { readonly serve: Serve }
  serve({
    run: {
      *echo(input) {
        told.push(`${String(input)} begins`)
        yield
        yield
        told.push(`${String(input)} ends`)
        return input
      },
      *columns() {
        yield
        return { cells: new Uint8Array(5) }
      },
      *fail(input) {
        yield
        throw new TypeError(String(input))
      },
    },
    close: () => void told.push('close'),
  })
}

function results(...ids: readonly number[]): unknown {
  return { type: 'results', results: ids.map(id => ({ id, ok: true, output: id })) }
}

function failed(id: number, message: string): unknown {
  return { id, ok: false, error: expect.objectContaining({ message }) as unknown }
}

function task(id: number, job: string, input: unknown = id): SentTask {
  return { id, job, input }
}

describe('a thread', () => {
  it('says when it is ready', async () => {
    await serving()
    expect(port.posted).toEqual([{ type: 'ready' }])
  })

  it('runs what comes together one after the other, and answers together', async () => {
    const told: unknown[] = []
    await serving(told)
    port.emit('message', { type: 'tasks', tasks: [task(7, 'echo'), task(9, 'echo'), task(8, 'echo')] })
    port.emit('message', { type: 'tasks', tasks: [task(1, 'echo')] })
    expect(told).toEqual([7, 9, 8, 1].flatMap(each => [`${each} begins`, `${each} ends`]))
    expect(port.posted.slice(1)).toEqual([results(7, 9, 8), results(1)])
  })

  it('goes on after what fails, and what nobody knows', async () => {
    await serving()
    port.emit('message', { type: 'tasks', tasks: [task(1, 'fail', 'no'), task(2, 'none'), task(3, 'echo')] })
    const all = [failed(1, 'no'), failed(2, 'no job is called none'), { id: 3, ok: true, output: 3 }]
    expect(port.posted.at(-1)).toEqual({ type: 'results', results: all })
  })

  it('moves the columns of its results', async () => {
    await serving()
    port.emit('message', { type: 'tasks', tasks: [task(1, 'columns'), task(2, 'fail'), task(3, 'columns')] })
    expect(port.moved.at(-1)?.map(({ byteLength }) => byteLength)).toEqual([5, 5])
  })

  it('lets go of everything when it is told to, and listens no more', async () => {
    const told: unknown[] = []
    await serving(told)
    port.emit('message', { type: 'close' })
    expect([told, port.isClosed]).toEqual([['close'], true])
  })
})

it('there is none in the caller’s thread', async () => {
  parentPort = null
  await expect(serving()).rejects.toThrow('in a worker thread only')
})
