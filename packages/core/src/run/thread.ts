/** The inside of a worker thread: takes tasks, runs them one after the other, sends back what they made. */
import { parentPort } from 'node:worker_threads'
import type { JobTable } from './job.js'
import { buffersOf, type FromThread, type SentResult, type SentTask, type ToThread } from './messages.js'

/** Serves tasks until it is told to close. */
export function serve(jobs: JobTable): void {
  const port = parentPort
  if (port === null) throw new Error('this module runs in a worker thread only')
  const post = (message: FromThread, transfer: ArrayBuffer[] = []): void =>
    port.postMessage(message, transfer)
  port.on('message', (message: ToThread) => {
    switch (message.type) {
      case 'tasks': {
        const results = message.tasks.map(task => runTask(jobs, task))
        post(
          { type: 'results', results },
          buffersOf(results.map(result => (result.ok ? result.output : undefined))),
        )
        break
      }
      case 'close':
        jobs.close()
        port.close()
        break
    }
  })
  post({ type: 'ready' })
}

function runTask(jobs: JobTable, { id, job, input }: SentTask): SentResult {
  try {
    const steps = jobs.run[job]?.(input)
    if (steps === undefined) throw new Error(`no job is called ${job}`)
    let step = steps.next()
    while (step.done !== true) step = steps.next()
    return { id, ok: true, output: step.value }
  } catch (error) {
    return { id, ok: false, error }
  }
}
