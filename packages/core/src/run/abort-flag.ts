/** One flag that every thread can read between two system calls. */
export class AbortFlag {
  /** To be handed to threads. */
  readonly shared: SharedArrayBuffer
  private readonly cell: Int32Array

  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.shared = shared
    this.cell = new Int32Array(shared)
  }

  raise(): void {
    Atomics.store(this.cell, 0, 1)
    Atomics.notify(this.cell, 0)
  }

  isRaised(): boolean {
    return Atomics.load(this.cell, 0) !== 0
  }

  /** Holds a worker thread for so many milliseconds, or until the flag is raised. */
  waitFor(ms: number): void {
    Atomics.wait(this.cell, 0, 0, ms)
  }
}
