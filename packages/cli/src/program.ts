/** The table of flags as a commander program. The only file that knows commander. */
import { Command, CommanderError, Option } from 'commander'
import { exitCodeTexts } from './exit-codes.js'
import { type Flag, flagGroups } from './flag.js'
import { flags } from './flags.js'
import { UsageError } from './usage-error.js'

export type ParsedArguments =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'arguments'
      readonly operands: readonly string[]
      /** The flags that were given, each with its values in order; none for a flag without a value. */
      readonly values: ReadonlyMap<Flag, readonly string[]>
    }

/**
 * @param width of the help, in columns
 * @throws UsageError with one sentence about what is wrong
 */
export function readArguments(argv: readonly string[], width: number): ParsedArguments {
  const help: string[] = []
  const program = makeProgram(width, help)
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { kind: 'help', text: help.join('') }
    throw new UsageError(sentenceOf(error))
  }
  const given = program.opts<Readonly<Record<string, unknown>>>()
  if (given['version'] === true) return { kind: 'version' }
  const values = new Map<Flag, readonly string[]>()
  for (const flag of flags) {
    const attribute = attributeOf(flag.long)
    if (program.getOptionValueSource(attribute) !== 'cli') continue
    const value = given[attribute]
    values.set(flag, Array.isArray(value) ? value : [])
  }
  return { kind: 'arguments', operands: program.args, values }
}

function makeProgram(width: number, help: string[]): Command {
  const program = new Command('facsimile')
    .usage(usages.join('\n       '))
    .description(
      'Makes the folder REPLICA an exact, one-way copy of the folder SOURCE; check only compares them, plan writes down what would be done, apply does that, explain says why of one path, undo takes back a run, schedule keeps it up across restarts, and status says how that goes.',
    )
    .argument('[folders...]')
    .exitOverride()
    .configureOutput({
      writeOut: text => help.push(text),
      writeErr: () => {},
      getOutHelpWidth: () => width,
    })
    .configureHelp({
      // They are in the usage lines already.
      visibleArguments: () => [],
      optionTerm: ({ short, flags: names }) => (short === undefined ? `    ${names}` : names),
    })
  for (const group of flagGroups) {
    for (const flag of flags.filter(candidate => candidate.group === group)) program.addOption(optionOf(flag))
  }
  program.addOption(new Option('--version', 'show the version').helpGroup('Help:'))
  program.addHelpOption(new Option('-h, --help', 'show this help').helpGroup('Help:'))
  return program.addHelpText('after', `\n${exitCodeHelp()}`)
}

const usages: readonly string[] = [
  '[sync] SOURCE REPLICA [flags]',
  'facsimile check SOURCE REPLICA [flags]',
  'facsimile plan SOURCE REPLICA --out FILE [flags]',
  'facsimile apply FILE [flags]',
  'facsimile explain SOURCE REPLICA PATH [flags]',
  'facsimile undo REPLICA [--backup-dir DIR] [--run ID]',
  'facsimile schedule add NAME SOURCE REPLICA --every TIME [flags]',
  'facsimile schedule list|show|run|remove|print [NAME]',
  'facsimile status [NAME] [--max-age TIME] [--json]',
  'facsimile -s SOURCE -d REPLICA [-l FILE] [-i MINUTES] [flags]',
]

function optionOf(flag: Flag): Option {
  const names = flag.short === undefined ? flag.long : `${flag.short}, ${flag.long}`
  const option = new Option('value' in flag ? `${names} <${flag.value}>` : names, flag.help)
  option.helpGroup(`${flag.group}:`)
  option.conflicts((flag.conflicts ?? []).map(attributeOf))
  option.attributeName = () => attributeOf(flag.long)
  if ('value' in flag) {
    option.argParser<readonly string[]>((value, earlier) => [
      ...(Array.isArray(earlier) ? earlier : []),
      value,
    ])
  }
  return option
}

/** Each flag has a value of its own: to commander, `--no-links` would be the opposite of `--links`, and the last of them would count. */
function attributeOf(long: string): string {
  return long.slice(2).replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function exitCodeHelp(): string {
  const width = Math.max(...exitCodeTexts.map(([codes]) => codes.length))
  const lines = exitCodeTexts.map(([codes, meaning]) => `  ${codes.padEnd(width)}  ${meaning}`)
  return [
    'Exit status:',
    ...lines,
    '',
    '-- ends the flags: what follows is a folder, whatever it is called.',
  ].join('\n')
}

/** What commander says, as one sentence that also says what to do. */
function sentenceOf(error: CommanderError): string {
  const [what = '', suggestion] = error.message.replace(/^error: /, '').split('\n(Did ')
  return suggestion === undefined
    ? `${what}; see facsimile --help`
    : `${what}; did ${suggestion.replace(/\)$/, '')}`
}
