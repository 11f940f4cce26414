/** How far the run is, told ten times a second at most, and never going back. */
import type { Progress } from '../model/events.js'

const intervalMs = 100

export class ProgressMeter {
  private readonly tell: ((progress: Progress) => void) | undefined
  private phase: Progress['phase'] = 'scan'
  private entries = 0
  private bytes = 0
  private totalEntries = 0
  private totalBytes = 0
  private toldAt = 0

  constructor(tell: ((progress: Progress) => void) | undefined) {
    this.tell = tell
  }

  /** Fixes the totals of the plan; what was counted while scanning starts again at nothing. */
  begin(totalEntries: number, totalBytes: number): void {
    this.totalEntries = totalEntries
    this.totalBytes = totalBytes
    this.entries = 0
  }

  enter(phase: Progress['phase']): void {
    this.phase = phase
    this.tellNow()
  }

  add(entries: number, bytes: number): void {
    this.entries += entries
    this.bytes += bytes
    if (this.tell !== undefined && performance.now() - this.toldAt >= intervalMs) this.tellNow()
  }

  tellNow(): void {
    if (this.tell === undefined) return
    this.toldAt = performance.now()
    const { phase, entries, totalEntries, totalBytes } = this
    // A file may have grown since it was planned, and the total is fixed.
    const bytes = phase === 'scan' ? this.bytes : Math.min(this.bytes, totalBytes)
    this.tell({ phase, entries, totalEntries, bytes, totalBytes })
  }
}
