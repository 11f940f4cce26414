/**
 * Text for a standard stream. Lines are gathered, for a write each would cost more than the copying of a small
 * file. A stream that cannot be written to takes nothing down: what is written to it is dropped. That nobody reads
 * it any more is no failure, for who reads may have seen enough; anything else is one.
 */
import type { OutputStream } from './io.js'
import { reasonOf } from './reason-of.js'
import type { Sink } from './sink.js'

const gatherChars = 32 * 1024
const gatherMs = 100

interface StreamSinkOptions {
  /** Whether lines are gathered. */
  readonly gather: boolean
  /** Called before something is written to the stream. */
  readonly beforeWrite: () => void
  /** When it aborts, nobody is kept waiting for the stream any more. */
  readonly signal: AbortSignal
}

export class StreamSink implements Sink {
  private readonly stream: OutputStream
  private readonly options: StreamSinkOptions
  private parts: string[] = []
  private size = 0
  private timer: NodeJS.Timeout | undefined
  private draining: { readonly promise: Promise<void>; readonly end: () => void } | undefined
  private closed = false
  private failure: string | undefined

  constructor(stream: OutputStream, options: StreamSinkOptions) {
    this.stream = stream
    this.options = options
    stream.on('error', error => {
      if (!this.closed && !isBrokenPipe(error)) this.failure = reasonOf(error)
      this.closed = true
      this.release()
    })
    stream.on('drain', () => this.release())
    options.signal.addEventListener('abort', () => this.release(), { once: true })
  }

  write(text: string): Promise<void> | undefined {
    if (this.closed) return undefined
    this.parts.push(text)
    this.size += text.length
    if (!this.options.gather || this.size >= gatherChars) return this.flush()
    this.timer ??= setTimeout(() => void this.flush(), gatherMs)
    return this.draining?.promise
  }

  flush(): Promise<void> | undefined {
    clearTimeout(this.timer)
    this.timer = undefined
    if (this.size > 0 && !this.closed) {
      const text = this.parts.join('')
      this.parts = []
      this.size = 0
      this.options.beforeWrite()
      if (!this.stream.write(text) && !this.options.signal.aborted) this.draining ??= makeDraining()
    }
    return this.draining?.promise
  }

  /** Why text was lost, once; nothing if none was, or nobody read it. A failed write is known a turn later. */
  takeFailure(): string | undefined {
    const failure = this.failure
    this.failure = undefined
    return failure
  }

  private release(): void {
    this.draining?.end()
    this.draining = undefined
  }
}

function makeDraining(): { readonly promise: Promise<void>; readonly end: () => void } {
  let end: (() => void) | undefined
  const promise = new Promise<void>(resolve => {
    end = resolve
  })
  return { promise, end: () => end?.() }
}

function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE'
}
