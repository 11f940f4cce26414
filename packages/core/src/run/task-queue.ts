/** Tasks waiting for a runner, first come, first served. */
export interface Task {
  readonly job: string
  readonly input: unknown
  readonly resolve: (output: unknown) => void
  readonly reject: (error: unknown) => void
}

export class TaskQueue {
  private tasks: Task[] = []
  private head = 0
  private unsettled = 0
  private readonly idleWaiters: (() => void)[] = []

  get length(): number {
    return this.tasks.length - this.head
  }

  /** Adds a task, and settles with what its runner makes of it. */
  add(job: string, input: unknown): Promise<unknown> {
    this.unsettled += 1
    return new Promise<unknown>((resolve, reject) => {
      this.tasks.push({ job, input, resolve, reject })
    }).finally(() => {
      this.unsettled -= 1
      if (this.unsettled === 0) for (const wake of this.idleWaiters.splice(0)) wake()
    })
  }

  take(): Task | undefined {
    const task = this.tasks[this.head]
    if (task === undefined) return undefined
    this.head += 1
    if (this.head === this.tasks.length) {
      this.tasks = []
      this.head = 0
    }
    return task
  }

  /** The job that {@link take} would return next. */
  nextJob(): string | undefined {
    return this.tasks[this.head]?.job
  }

  /** Resolves when every task added so far is settled. */
  async idle(): Promise<void> {
    if (this.unsettled > 0) await new Promise<void>(resolve => this.idleWaiters.push(resolve))
  }
}
