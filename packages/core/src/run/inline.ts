/**
 * Runs tasks in the caller's thread, one at a time, in slices. One at a time, because jobs share the directories
 * that the thread holds.
 */
import type { JobTable } from './job.js'
import { runInSlices, sliceMs, Slices } from './slices.js'
import type { Task, TaskQueue } from './task-queue.js'

export class InlineRunner {
  /** How long this thread has worked so far, waiting for slices left out. */
  busyMs = 0
  /** Whether it is at a task, and takes what waits only after it. */
  isAtTask = false
  private readonly jobs: JobTable
  private readonly queue: TaskQueue
  /** One slice goes on through many tasks: each alone would hardly ever be long enough to end it. */
  private readonly slices = new Slices()
  private running = false
  private retired = false

  constructor(jobs: JobTable, queue: TaskQueue) {
    this.jobs = jobs
    this.queue = queue
  }

  /** Takes no more tasks: threads do. */
  retire(): void {
    this.retired = true
  }

  /** Takes tasks again: the threads are gone. */
  resume(afterEach: () => void): void {
    this.retired = false
    this.wake(afterEach)
  }

  /** Starts working if there is something to do; `afterEach` is told of each task done. */
  wake(afterEach: () => void): void {
    if (this.running || this.retired) return
    this.running = true
    // Never rejects: each task settles its own promise.
    void this.work(afterEach)
  }

  private async work(afterEach: () => void): Promise<void> {
    while (!this.retired) {
      if (this.slices.isOver) await this.slices.breathe()
      const task = this.queue.take()
      if (task === undefined) break
      await this.runTask(task)
      afterEach()
    }
    this.running = false
  }

  private async runTask(task: Task): Promise<void> {
    this.isAtTask = true
    try {
      const job = this.jobs.run[task.job]
      if (job === undefined) throw new Error(`no job is called ${task.job}`)
      const output = await runInSlices(this.timed(job(task.input)), undefined, this.slices)
      // Before it is told: who hears of it may have another one.
      this.isAtTask = false
      task.resolve(output)
    } catch (error) {
      this.isAtTask = false
      task.reject(error)
    }
  }

  private *timed(steps: Generator<void, unknown>): Generator<void, unknown> {
    while (true) {
      const begun = performance.now()
      const step = steps.next()
      // A step that took longer than a slice was put to sleep by the system; it says nothing of the work.
      this.busyMs += Math.min(performance.now() - begun, sliceMs)
      if (step.done === true) return step.value
      if (this.jobs.restMs !== undefined) this.slices.rest(this.jobs.restMs())
      yield
    }
  }
}
