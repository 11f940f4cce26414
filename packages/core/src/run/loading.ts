/**
 * The end of the process, and threads that are loading what must not be ended meanwhile. Node ends threads where they are:
 * each native call that could throw fails from then on. koffi, while it is loaded, takes such a failure for a fatal one, and aborts
 * the process, whose exit code is lost (docs/decisions/029). So whoever ends the process holds off those that have not begun,
 * and waits for the others.
 */

const closed = 0
const loading = 1

/** How long the end waits, in milliseconds: to load takes some ten of them, where storage answers. */
const patienceMs = 5000

/** What threads pass to load, one or several at once, until it is closed. */
export class LoadingGate {
  /** To be handed to threads. */
  readonly shared: SharedArrayBuffer
  private readonly cells: Int32Array

  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.shared = shared
    this.cells = new Int32Array(shared)
  }

  /** In a thread: loads. While the gate is closed it waits there, to be ended. */
  pass(load: () => void): void {
    const { cells } = this
    // First it counts, then it looks: either the one who closes sees it, or it sees that the gate was closed.
    while ((this.count(1), Atomics.load(cells, closed) === 1)) {
      this.count(-1)
      Atomics.wait(cells, closed, 1)
    }
    try {
      load()
    } finally {
      this.count(-1)
    }
  }

  /** Nobody loads any more when this returns, or so much time has passed. */
  close(patience: number = patienceMs): void {
    const { cells } = this
    Atomics.store(cells, closed, 1)
    const until = performance.now() + patience
    for (;;) {
      const count = Atomics.load(cells, loading)
      const rest = until - performance.now()
      if (count === 0 || rest <= 0) return
      Atomics.wait(cells, loading, count, rest)
    }
  }

  open(): void {
    Atomics.store(this.cells, closed, 0)
    Atomics.notify(this.cells, closed)
  }

  private count(more: 1 | -1): void {
    Atomics.add(this.cells, loading, more)
    Atomics.notify(this.cells, loading)
  }
}

let gate: LoadingGate | undefined
let users = 0

/** From here on the end of the process waits for who loads. One listener serves all: there may be many runs. */
export function guardEnd(): SharedArrayBuffer {
  // First of all listeners: another one may end the process at once.
  if (users++ === 0) process.prependListener('exit', closeGate)
  return (gate ??= new LoadingGate()).shared
}

export function unguardEnd(): void {
  if (--users === 0) process.removeListener('exit', closeGate)
}

function closeGate(): void {
  gate?.close()
  // Comes only where that was not the end, but said to be by somebody else.
  setImmediate(() => gate?.open())
}
