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
  }

  isRaised(): boolean {
    return Atomics.load(this.cell, 0) !== 0
  }
}
