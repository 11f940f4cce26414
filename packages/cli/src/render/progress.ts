/**
 * The live line: phase, changes settled, bytes, rate and a percentage. The percentage is of a total that is fixed
 * before the first change, in which each change weighs something besides its bytes (else a million empty files
 * were nothing), and it never goes back.
 */
import type { Progress } from '@facsimile/core'
import { bytesText } from './bytes.js'
import { count, counted } from './figures.js'

/** About what a small file costs, against writing bytes. */
const bytesPerChange = 32 * 1024

/** The rate is that of the last seconds. */
const rateWindowMs = 3000

const phaseWords: Readonly<Record<Progress['phase'], string>> = {
  scan: 'scanning',
  copy: 'copying',
  delete: 'deleting',
  finish: 'finishing',
}

interface Sample {
  readonly at: number
  readonly bytes: number
}

export class ProgressMeter {
  private samples: readonly Sample[] = []
  private percentage = 0

  /** The line for a state of things at a time in milliseconds. */
  line(progress: Progress, now: number): string {
    const word = phaseWords[progress.phase]
    if (progress.phase === 'scan') return `${word}  ${counted(progress.entries, 'entry', 'entries')}`
    const parts = [
      word,
      `${count(progress.entries)}/${count(progress.totalEntries)}`,
      `${bytesText(progress.bytes)}/${bytesText(progress.totalBytes)}`,
      `${bytesText(this.rate(progress.bytes, now))}/s`,
      `${this.percent(progress)}%`,
    ]
    return parts.join('  ')
  }

  private rate(bytes: number, now: number): number {
    this.samples = [...this.samples.filter(({ at }) => now - at <= rateWindowMs), { at: now, bytes }]
    const oldest = this.samples[0]
    if (oldest === undefined || now <= oldest.at) return 0
    return Math.max(0, Math.round(((bytes - oldest.bytes) / (now - oldest.at)) * 1000))
  }

  private percent({ entries, totalEntries, bytes, totalBytes }: Progress): number {
    const total = totalBytes + totalEntries * bytesPerChange
    // A file that grew meanwhile brings more bytes than were planned.
    const settled = Math.min(total, bytes + entries * bytesPerChange)
    this.percentage = Math.max(this.percentage, total === 0 ? 0 : Math.floor((100 * settled) / total))
    return this.percentage
  }
}
