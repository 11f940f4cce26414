/** One line at the bottom of a terminal that is drawn over and over, ten times a second at most. */
import { type Clock, columnsOf, type OutputStream } from './io.js'

const redrawMs = 100

export interface LiveLine {
  /** Whether enough time has gone by since it was last drawn. */
  isDue(): boolean
  /** Shows a text, cut to the width of the terminal, in place of the one before. */
  show(text: string): void
  /** Takes the line away, so that something else can be printed. */
  clear(): void
}

/** Where there is no terminal. */
export const noLiveLine: LiveLine = { isDue: () => false, show: () => {}, clear: () => {} }

export class TerminalLine implements LiveLine {
  private readonly stream: OutputStream
  private readonly clock: Pick<Clock, 'now'>
  private drawnAt = Number.NEGATIVE_INFINITY
  private drawn = false

  constructor(stream: OutputStream, clock: Pick<Clock, 'now'>) {
    this.stream = stream
    this.clock = clock
  }

  isDue(): boolean {
    return this.clock.now() - this.drawnAt >= redrawMs
  }

  show(text: string): void {
    // The last column stays free: a line that fills it makes some terminals go to the next one.
    const width = columnsOf(this.stream) - 1
    this.stream.write(`\r${text.slice(0, width)}\u001b[K`)
    this.drawnAt = this.clock.now()
    this.drawn = true
  }

  clear(): void {
    if (!this.drawn) return
    this.drawn = false
    this.stream.write('\r\u001b[K')
  }
}

/** Whether a stream is a terminal that can draw over a line. */
export function canDraw(stream: OutputStream, env: Readonly<Record<string, string | undefined>>): boolean {
  return stream.isTTY === true && env['TERM'] !== 'dumb'
}
