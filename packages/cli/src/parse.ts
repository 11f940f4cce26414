/**
 * Arguments to a request.
 *
 * What follows the first `--` is folders, never a flag or a command word, so a folder named `check` can be given.
 */
import { commandLike, type CommandName, commandNames, refuseMeaningless } from './commands.js'
import type { Flag, Given } from './flag.js'
import { flags } from './flags.js'
import { refuseGarbledArguments } from './garbled-names.js'
import { pathsIn } from './list-files.js'
import {
  readSchedule,
  readStatus,
  refuseStandardInput,
  type ScheduleRequest,
  type StatusRequest,
} from './parse-schedule.js'
import { readUndo, type UndoRequest } from './parse-undo.js'
import { readArguments } from './program.js'
import { refuseLonely } from './series-flags.js'
import { UsageError } from './usage-error.js'

export type Request =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' }
  | UndoRequest
  | ScheduleRequest
  | StatusRequest
  | {
      readonly kind: 'run'
      readonly command: 'sync' | 'check' | 'plan'
      readonly folders: Folders
      readonly given: Given
    }
  | { readonly kind: 'apply'; readonly file: string; readonly given: Given }
  | {
      readonly kind: 'explain'
      readonly folders: Folders
      readonly path: string
      readonly given: Given
    }

export interface Folders {
  readonly source: string
  /** The first, where there are several. */
  readonly replica: string
  /** All of them, where there are several. */
  readonly replicas?: readonly string[]
}

/**
 * @param width of the help, in columns
 * @throws UsageError with one sentence about what is wrong
 */
export function parseArguments(argv: readonly string[], width: number): Request {
  refuseGarbledArguments(argv)
  const end = argv.indexOf('--')
  const before = end < 0 ? argv : argv.slice(0, end)
  const after = end < 0 ? [] : argv.slice(end + 1)

  const parsed = readArguments(before, width)
  if (parsed.kind !== 'arguments') return parsed
  refuseSwallowedFlags(before)
  const [first = '', ...rest] = parsed.operands
  const command = commandNames.find(name => name === first)
  if (first === 'schedule') refuseStandardInput(parsed.values)
  const given = readGiven(parsed.values)
  if (first === 'undo') return readUndo([...rest, ...after], given, parsed.values.keys())
  if (first === 'schedule') return readSchedule([...rest, ...after], given, parsed.values)
  if (first === 'status') return readStatus([...rest, ...after], given, parsed.values.keys())
  if (given.run !== undefined) throw new UsageError('--run is for facsimile undo: leave it out')
  refuseMeaningless(command ?? 'sync', parsed.values.keys())
  return requestOf(command, [...(command === undefined ? parsed.operands : rest), ...after], given)
}

function requestOf(command: CommandName = 'sync', operands: readonly string[], given: Given): Request {
  if ((command === 'plan' || command === 'explain') && (given.replicas?.length ?? 0) > 1)
    throw new UsageError(`${command} takes one replica, and --destination is given more than once`)
  switch (command) {
    case 'sync':
    case 'check':
      return { kind: 'run', command, folders: readFolders(operands, given), given }
    case 'plan':
      if (given.out === undefined)
        throw new UsageError('plan needs --out FILE, where the plan is written; see facsimile --help')
      return { kind: 'run', command, folders: readFolders(operands, given), given }
    case 'apply':
      return { kind: 'apply', file: readPlanFile(operands), given }
    case 'explain': {
      const isByFlags = given.source !== undefined || given.replicas !== undefined
      const [path, ...more] = isByFlags ? operands : operands.slice(2)
      const folders = readFolders(isByFlags ? more : operands.slice(0, 2), given)
      if (path === undefined || more.length > 0)
        throw new UsageError(
          `explain takes SOURCE, REPLICA and one PATH in them, and ${path === undefined ? 'no PATH was given' : `'${more[0]}' is one more`}; see facsimile --help`,
        )
      return { kind: 'explain', folders, path, given }
    }
  }
}

function readPlanFile([file, more]: readonly string[]): string {
  if (file === undefined)
    throw new UsageError('apply takes the file of a plan, and none was given; see facsimile --help')
  if (more === undefined) return file
  throw new UsageError(
    `apply takes the file of one plan, which knows its folders, and '${more}' is one more; see facsimile --help`,
  )
}

function readGiven(values: ReadonlyMap<Flag, readonly string[]>): Given {
  const given: Record<string, unknown> = {}
  for (const [flag, texts] of values) {
    const value = readValue(flag, texts)
    // Several flags set one part each of an option that has parts.
    const before = given[flag.option]
    given[flag.option] = isRecord(value) && isRecord(before) ? { ...before, ...value } : value
  }
  if (given['compare'] === undefined && isRecord(given['preserve']) && given['preserve']['times'] === false) {
    throw new UsageError(
      '--no-times needs --checksum: without its time a copy cannot be told from an older version of equal size',
    )
  }
  const [list] = (given['files'] ?? []) as readonly Uint8Array[]
  if (list !== undefined) given['files'] = pathsIn(list, given['from0'] === true)
  else if (given['from0'] === true)
    throw new UsageError('--from0 needs --files-from, whose paths it is about')
  refuseLonely(given)
  // The types of the table tie each option to the values that its flag sets.
  return given
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readValue(flag: Flag, texts: readonly string[]): unknown {
  if (!('read' in flag)) return flag.sets
  try {
    return flag.read(texts)
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${flag.long} ${error.message}`) : error
  }
}

function readFolders(operands: readonly string[], { source, replicas = [] }: Given): Folders {
  const [replica] = replicas
  if (source === undefined && replica === undefined) return readOperands(operands)
  if (operands[0] !== undefined) {
    throw new UsageError(
      `the folder '${operands[0]}' conflicts with --source and --destination; give one or the other`,
    )
  }
  if (source === undefined) throw new UsageError('--destination is given without --source; give both')
  if (replica === undefined) throw new UsageError('--source is given without --destination; give both')
  return replicas.length === 1 ? { source, replica } : { source, replica, replicas }
}

function readOperands([source, replica, more]: readonly string[]): Folders {
  if (more !== undefined) {
    const meant = commandLike(source ?? '')
    if (meant !== undefined) throw new UsageError(`'${source}' is no command; did you mean ${meant}?`)
    throw new UsageError(
      `two folders are expected, SOURCE and REPLICA, behind sync, check or plan or neither, and '${more}' is one more; ` +
        'see facsimile --help',
    )
  }
  if (source !== undefined && replica !== undefined) return { source, replica }
  const found = source === undefined ? 'none was given' : `only '${source}' was given`
  throw new UsageError(`two folders are expected, SOURCE and REPLICA, and ${found}; see facsimile --help`)
}

/**
 * Without this, `--exclude --no-delete` would exclude a name and delete after all. Whatever begins like a flag is
 * refused, also what is none: who mistypes a flag that keeps things safe meant it no less.
 */
function refuseSwallowedFlags(args: readonly string[]): void {
  for (let at = 0; at < args.length; at++) {
    const flag = flagAwaitingValue(args[at] ?? '')
    if (flag === undefined) continue
    at += 1
    const value = args[at]
    if (value === undefined || value === '-' || !value.startsWith('-')) continue
    throw new UsageError(
      `${flag.long} takes ${flag.value}, and ${value} follows, which looks like a flag; write ${flag.long}=${value} if that is meant`,
    )
  }
}

type ValuedFlag = Extract<Flag, { readonly value: string }>

/** The flag that takes the next argument as its value: by its long name, or as the last letter of a cluster. */
function flagAwaitingValue(arg: string): ValuedFlag | undefined {
  if (arg.startsWith('--')) return valuedFlag(flag => flag.long === arg)
  if (!arg.startsWith('-')) return undefined
  for (let at = 1; at < arg.length; at++) {
    const valued = valuedFlag(flag => flag.short === `-${arg[at]}`)
    // What follows the letter within the cluster is its value already.
    if (valued !== undefined) return at === arg.length - 1 ? valued : undefined
  }
  return undefined
}

function valuedFlag(isMeant: (flag: Flag) => boolean): ValuedFlag | undefined {
  return flags.find((flag): flag is ValuedFlag => 'value' in flag && isMeant(flag))
}
