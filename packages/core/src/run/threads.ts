/**
 * Worker threads that take tasks from the queue. Small tasks travel several in one message; each thread has one
 * message more than it works on, so that it never waits for the next.
 */
import { Worker } from 'node:worker_threads'
import { Growth, usageOfProcess } from './growth.js'
import { Inbox } from './inbox.js'
import { guardEnd, unguardEnd } from './loading.js'
import { buffersOf, type FromThread, type SentResult, type SentTask, type ToThread } from './messages.js'
import type { Task, TaskQueue } from './task-queue.js'

/** What the threads are made from. */
export interface ThreadSetup {
  readonly count: number
  /** How many there may be where they wait for storage; no more than `count` by default. */
  readonly most?: number
  /** The module each thread begins with. */
  readonly module: URL
  /** Plain data for each thread, by its number, which is 1 or more; and the gate it loads behind, see loading.ts. */
  readonly data: (thread: number, loading: SharedArrayBuffer) => unknown
  /** How long the threads of the process waited for a processor so far, in milliseconds. */
  readonly waitedMs: () => number
  /** Jobs that are small enough to travel together. */
  readonly smallJobs: readonly string[]
}

export interface ThreadEvents {
  /** Some thread takes tasks. May be called often. */
  readonly ready: () => void
  /** No thread will ever take tasks again. */
  readonly allDead: () => void
}

const messagesUnderWay = 3
const mostTasksInMessage = 32
/** How often it is looked whether more threads would help. */
const growthMs = 200

export class ThreadPool {
  private readonly setup: ThreadSetup
  private readonly queue: TaskQueue
  private readonly on: ThreadEvents
  private readonly threads: Thread[] = []
  private readonly growing: NodeJS.Timeout | undefined
  private readonly loading: SharedArrayBuffer
  private isClosing = false
  private wanted: number

  /** Starts the threads. */
  constructor(setup: ThreadSetup, queue: TaskQueue, on: ThreadEvents) {
    this.setup = setup
    this.queue = queue
    this.on = on
    this.wanted = setup.count
    const { most = setup.count } = setup
    // Only who may grow asks the system what its threads wait for.
    if (most > setup.count) {
      const growth = new Growth(() => usageOfProcess(setup.waitedMs()))
      this.growing = setInterval(() => this.growIfWaiting(growth, most), growthMs).unref()
    }
    this.loading = guardEnd()
    this.startNext()
  }

  /** How many threads there are, or will be; where there can be none, the caller's stands for them. */
  get size(): number {
    return Math.max(this.wanted, 1)
  }

  /** Hands out what is waiting. */
  wake(): void {
    for (let round = 0; round < messagesUnderWay; round++) {
      for (const thread of this.threads) {
        if (this.queue.length === 0) return
        if (thread.isReady && thread.messages <= round) thread.send(this.takeTogether())
      }
    }
  }

  async close(): Promise<void> {
    this.isClosing = true
    clearInterval(this.growing)
    await Promise.all(this.threads.map(thread => thread.close()))
    unguardEnd()
  }

  /** One thread at a turn of the event loop, for making one takes as long as a slice of work. */
  private startNext(): void {
    const { setup, threads } = this
    if (this.isClosing || threads.length === this.wanted) return
    const thread = threads.length + 1
    const worker = startWorker(setup.module, setup.data(thread, this.loading))
    if (worker === undefined) {
      clearInterval(this.growing)
      this.wanted = threads.length
      setImmediate(() => this.changed())
      return
    }
    threads.push(new Thread(worker, () => this.changed()))
    setImmediate(() => this.startNext())
  }

  /** Twice as many, as long as each has something to do and yet does not get the processor to work. */
  private growIfWaiting(growth: Growth, most: number): void {
    const { threads } = this
    const isBusy = threads.length === this.wanted && threads.every(thread => thread.wasBusy)
    for (const thread of threads) thread.wasBusy = thread.isReady && thread.messages > 0
    if (!isBusy || this.wanted === most) growth.begin()
    else if (growth.isWorthMore(threads.length)) {
      this.wanted = Math.min(this.wanted * 2, most)
      this.startNext()
    }
  }

  private changed(): void {
    const { threads, on } = this
    if (threads.some(thread => thread.isReady)) on.ready()
    else if (threads.length === this.wanted && threads.every(thread => thread.isDead)) on.allDead()
    this.wake()
  }

  private takeTogether(): Task[] {
    const share = Math.ceil(this.queue.length / (this.wanted * messagesUnderWay))
    const most = Math.min(share, mostTasksInMessage)
    const tasks: Task[] = []
    do {
      const isSmall = this.setup.smallJobs.includes(this.queue.nextJob() ?? '')
      if (tasks.length > 0 && !isSmall) break
      const task = this.queue.take()
      if (task === undefined) break
      tasks.push(task)
      if (!isSmall) break
    } while (tasks.length < most)
    return tasks
  }
}

/** Threads take over the flags of their process. This one is about code on its command line, and ends what begins with a file. */
const isCodeInFlags = process.execArgv.some(flag => flag.startsWith('--input-type'))

/** Undefined where the system has no room for one more: it may limit the threads of a user, or of a container. */
function startWorker(module: URL, workerData: unknown): Worker | undefined {
  try {
    return new Worker(module, {
      workerData,
      // Jobs close what they open: keeping books of it costs something at every file.
      trackUnmanagedFds: false,
      ...(isCodeInFlags ? { execArgv: [] } : {}),
    })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_INIT_FAILED') return undefined
    throw error
  }
}

class Thread {
  isReady = false
  isDead = false
  /** Messages sent and not answered. */
  messages = 0
  /** Whether it has had work ever since that was last asked. */
  wasBusy = false
  private readonly worker: Worker
  private readonly tasks = new Map<number, Task>()
  private readonly ended: Promise<void>
  private nextId = 0
  private readonly inbox = new Inbox(result => this.settle(result))

  constructor(worker: Worker, changed: () => void) {
    this.worker = worker
    this.ended = new Promise(resolve => worker.once('exit', () => resolve()))
    worker.on('message', (message: FromThread) => {
      if (message.type === 'ready') {
        this.isReady = true
      } else {
        this.messages -= 1
        if (this.messages === 0) this.wasBusy = false
        this.inbox.add(message.results)
      }
      changed()
    })
    const fail = (error: unknown): void => {
      this.isReady = false
      this.isDead = true
      this.inbox.flush()
      for (const task of this.tasks.values()) task.reject(error)
      this.tasks.clear()
      changed()
    }
    worker.on('error', fail)
    worker.on('exit', code => fail(new Error(`a worker thread ended with status ${code}`)))
  }

  send(tasks: readonly Task[]): void {
    const sent: SentTask[] = tasks.map(task => {
      const id = this.nextId++
      this.tasks.set(id, task)
      return { id, job: task.job, input: task.input }
    })
    this.messages += 1
    this.post({ type: 'tasks', tasks: sent }, buffersOf(sent.map(({ input }) => input)))
  }

  async close(): Promise<void> {
    // A thread that is still starting reads the message when it is ready. It is waited for: koffi ends the whole process
    // where a thread is terminated while it loads, see loading.ts.
    this.post({ type: 'close' }, [])
    await this.ended
  }

  private post(message: ToThread, transfer: ArrayBuffer[]): void {
    this.worker.postMessage(message, transfer)
  }

  private settle(result: SentResult): void {
    const task = this.tasks.get(result.id)
    this.tasks.delete(result.id)
    if (result.ok) task?.resolve(result.output)
    else task?.reject(result.error)
  }
}
