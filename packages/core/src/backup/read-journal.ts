/** The journals of a run, read back: the records of all threads in the order they were written. */
import type { Name } from '../model/path.js'
import { closeRead } from '../tree/close-read.js'
import type { Tree } from '../tree/tree.js'
import { journalPrefix } from './journal.js'
import { isStep, type Step, type Timed } from './records.js'

/** A step as it is read back. */
export type ToldStep = Timed<Step> & {
  /** Otherwise the run was killed at it, and it may have been made or not. */
  readonly isSure: boolean
}

export type Told = Exclude<Timed, Timed<Step>> | ToldStep

/** What a run did, step by step. */
export function readRun(run: Tree): readonly Told[] {
  const journals = run
    .list(run.root)
    .filter(name => name.startsWith(journalPrefix))
    .map(name => withoutFailed(readLines(run, name)))
  const isEnded = journals.some(records => records.some(({ op }) => op === 'end'))
  return journals
    .flatMap(records =>
      records.map(
        // Whatever follows a step in its journal was written after it was made.
        (record, index): Told =>
          isStep(record) ? { ...record, isSure: isEnded || index < records.length - 1 } : record,
      ),
    )
    .map(record => ({ record, at: BigInt(record.at) }))
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ record }) => record)
}

/** Leaves out the steps that did not come about. */
function withoutFailed(records: Iterable<Timed>): readonly Timed[] {
  const made: Timed[] = []
  for (const record of records) {
    if (record.op !== 'failed') made.push(record)
    else made.splice(made.findLastIndex(isStep), 1)
  }
  return made
}

/** The lines of a journal; the last one may have been cut off by a kill. */
export function* readLines(run: Tree, name: Name): Generator<Timed> {
  const file = run.openFile(run.root, name)
  let text: string
  try {
    const bytes = Buffer.alloc(file.stat().size)
    let length = 0
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = file.read(bytes.subarray(length), bytes.length - length)
    text = bytes.toString('utf8', 0, length)
  } finally {
    closeRead(file)
  }
  const lines = text.split('\n')
  // What follows the last line break is no whole line.
  for (const line of lines.slice(0, -1)) yield JSON.parse(line) as Timed
}
