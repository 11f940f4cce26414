/** A process that is none: streams that remember, a clock that is moved by hand, signals that are sent by a call. */
import { EventEmitter } from 'node:events'
import type { StopSignal } from '../../src/exit-codes.js'
import type { Clock, Io, OutputStream } from '../../src/io.js'
import type { StopHost } from '../../src/signals.js'

export class FakeStream extends EventEmitter implements OutputStream {
  readonly isTTY: boolean
  readonly columns: number = 80
  readonly writes: string[] = []
  /** Whether the stream says that it holds more than it likes. */
  full = false

  constructor(isTTY: boolean = false) {
    super()
    this.isTTY = isTTY
  }

  write(text: string): boolean {
    this.writes.push(text)
    return !this.full
  }

  get text(): string {
    return this.writes.join('')
  }
}

export class FakeClock implements Clock {
  private at = 0
  /** How long each wait was. */
  readonly waits: number[] = []
  /** Called at each wait, after time has gone on. */
  onWait: () => void = () => {}

  readonly now = (): number => this.at

  readonly date = (): Date => new Date(Date.UTC(2026, 0, 31, 12) + this.at)

  advance(ms: number): void {
    this.at += ms
  }

  readonly wait = (ms: number): Promise<void> => {
    this.waits.push(ms)
    this.at += ms
    this.onWait()
    return Promise.resolve()
  }
}

export class FakeHost implements StopHost {
  readonly pid = 4711
  readonly platform: string
  readonly killed: StopSignal[] = []
  readonly exits: number[] = []
  exitCode: number | undefined
  private readonly emitter = new EventEmitter()

  constructor(platform: string = 'linux') {
    this.platform = platform
  }

  on(signal: StopSignal, listener: () => void): void {
    this.emitter.on(signal, listener)
  }

  removeListener(signal: StopSignal, listener: () => void): void {
    this.emitter.removeListener(signal, listener)
  }

  kill(_pid: number, signal: StopSignal): void {
    this.killed.push(signal)
  }

  exit(code: number): void {
    this.exits.push(code)
  }

  send(signal: StopSignal): void {
    this.emitter.emit(signal)
  }

  get listening(): number {
    return this.emitter.eventNames().length
  }
}

export interface FakeIo extends Io {
  readonly stdout: FakeStream
  readonly stderr: FakeStream
  readonly clock: FakeClock
  readonly host: FakeHost
}

export function fakeIo({
  tty = false,
  env = {},
}: {
  tty?: boolean
  env?: Record<string, string>
} = {}): FakeIo {
  return {
    stdout: new FakeStream(tty),
    stderr: new FakeStream(tty),
    env,
    clock: new FakeClock(),
    host: new FakeHost(),
    watch: () => ({ stopping: () => {}, end: () => {} }),
  }
}

/** As Node makes one of what the system says. */
export function systemError(code: string): Error {
  return Object.assign(new Error(code), { code })
}
