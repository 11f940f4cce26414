/**
 * The journal of one thread: a file in the folder of the run, made with its first record. What is about to be done is
 * written before it is; what came of it is written with the next record, or at the end. Of a durable run it is on the disk
 * by then, and with it what is kept: a cut of the power loses no step that was made.
 */
import type { Entry } from '../model/entry.js'
import { meaningOf } from '../model/errno.js'
import type { Name, RelativePath } from '../model/path.js'
import type { FileHandle, Tree } from '../tree/tree.js'
import { factsOf, type JournalRecord, type Step } from './records.js'

export const journalPrefix = 'journal-'

/** What came of steps is gathered up to so many characters. */
const mostGathered = 1 << 16

export class Journal {
  private readonly run: Tree
  private readonly name: Name
  private readonly isDurable: boolean
  private file: FileHandle | undefined
  private gathered = ''
  private failure: Error | undefined

  /** @param run the folder of the run, as a tree */
  constructor(run: Tree, thread: string, isDurable: boolean) {
    this.run = run
    this.isDurable = isDurable
    this.name = `${journalPrefix}${thread}` as Name
  }

  /** Writes what is about to be done. */
  write(record: JournalRecord): void {
    this.gather(record)
    this.flush()
  }

  /** Writes what is about to be done, does it, and writes that it failed if it does. */
  around(step: Step, change: () => void): void {
    this.write(step)
    try {
      change()
    } catch (error) {
      try {
        this.write({ op: 'failed' })
      } catch {
        // The first error is the one to tell; and this was the last step that the journal tells of.
      }
      throw error
    }
  }

  /** Notes what a step left. */
  now(path: RelativePath, entry: Entry | undefined): void {
    if (entry === undefined) return
    this.gather({ op: 'now', path, now: factsOf(entry) })
    if (this.gathered.length > mostGathered) this.flush()
  }

  close(): void {
    try {
      if (this.gathered !== '' && this.failure === undefined) this.flush()
    } finally {
      this.file?.close()
      this.file = undefined
    }
  }

  private gather(record: JournalRecord): void {
    // INVARIANT: the time is taken after what the record tells was looked at, so the earliest that tells of a directory
    // was written before any thread changed it.
    this.gathered += `${JSON.stringify({ at: String(process.hrtime.bigint()), ...record })}\n`
  }

  private flush(): void {
    if (this.failure !== undefined) throw this.failure
    try {
      const isNew = this.file === undefined
      const file = (this.file ??= this.run.createFile(this.run.root, this.name))
      const bytes = Buffer.from(this.gathered)
      this.gathered = ''
      file.write(bytes, bytes.length)
      if (!this.isDurable) return
      file.flush()
      if (isNew) this.run.root.flush()
    } catch (error) {
      // INVARIANT: without the number of a system error, which would tell of the replica's storage. And a line may be
      // torn now, so nothing follows it.
      this.failure = new Error(`the journal in the backup folder cannot be written: ${meaningOf(error)}`, {
        cause: error,
      })
      throw this.failure
    }
  }
}
