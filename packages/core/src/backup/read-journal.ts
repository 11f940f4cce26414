/** The journals of a run, read back: the records of all threads in the order they were written. */
import { StringDecoder } from 'node:string_decoder'
import { SyncError } from '../model/errors.js'
import type { Name } from '../model/path.js'
import { closeRead } from '../tree/close-read.js'
import { escapeName } from '../tree/names.js'
import type { FileHandle, Tree } from '../tree/tree.js'
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

const chunkSize = 1 << 20

/**
 * The lines of a journal; the last one may have been cut off by a kill, and is no line then.
 *
 * @throws {SyncError} where a line is no record
 */
export function* readLines(run: Tree, name: Name): Generator<Timed> {
  const file = run.openFile(run.root, name)
  try {
    for (const line of linesOf(file)) yield parseLine(line, name)
  } finally {
    closeRead(file)
  }
}

/** Chunk by chunk: the journal of a big run is longer than a text can be. */
function* linesOf(file: FileHandle): Generator<string> {
  const chunk = Buffer.alloc(chunkSize)
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for (let read = file.read(chunk, chunkSize); read !== 0; read = file.read(chunk, chunkSize)) {
    const lines = `${rest}${decoder.write(chunk.subarray(0, read))}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}

function parseLine(line: string, name: Name): Timed {
  let record: unknown
  try {
    record = JSON.parse(line)
  } catch {
    // Said below.
  }
  if (typeof record === 'object' && record !== null && 'op' in record && 'at' in record)
    return record as Timed
  const message = `the file "${escapeName(name)}" of the run in the backup folder is damaged: expected a record on each line; nothing was touched`
  throw new SyncError('root-refused', 26, message)
}
