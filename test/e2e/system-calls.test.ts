/**
 * How many system calls the command makes for each file, by case: a guard of speed that does not depend on the clock.
 *
 * Each case is run on a smaller and on a larger tree. What the second takes more, divided by how many files more it has,
 * is what one file takes: starting, threads and directories cancel out, and what is left is a whole number. The same is
 * done with directories. One call more for each is red, and so is one less: then the table is to be lowered, so that
 * nobody can take it back unseen.
 */
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { mayDo } from '../../packages/core/dist/tree/process-rights.js'
import { bytesOfText } from '../support/byte-names.js'
import { canStrace } from '../support/can-strace.js'
import { type Calls, callsForEach, callsOf, countCalls, sumOf } from '../support/count-calls.js'
import { editEntries, hasAttributes } from '../support/extended-attributes.js'
import { temporaryDirectory } from '../support/temp.js'

type Way = 'libc' | 'plain'

type Case = {
  readonly what: string
  /** Makes of the source that the case before left what it is to be; names are of what there is more or less of. */
  readonly make?: (source: string, names: readonly string[]) => void
  readonly args?: readonly string[]
  /** What one file, or one directory, takes. */
  readonly libc: string
  /** The same by plain Node; undefined where nothing is to be learned from it that other cases do not show. */
  readonly plain?: string
  /** What it takes besides with `libc` where attributes of the system cannot be set: the plan says what will be missing. */
  readonly forPlan?: string
}

/** One after the other, on the trees that the one before left. */
const ofFiles: readonly Case[] = [
  {
    what: 'first copy into new directories',
    make: write('content'),
    // Looked at by the walk, before it is read and after; the directory gets its name with all that it holds.
    libc: '3 stat, listxattr, 2 open, 2 close, read, write, chmod, utimes',
    forPlan: 'listxattr',
    plain: '3 stat, 2 open, 2 close, read, write, chmod, utimes',
  },
  // Each side is looked at.
  { what: 'nothing to do', libc: '2 stat, 2 listxattr', plain: '2 stat' },
  {
    what: '--checksum, nothing to do',
    args: ['--checksum'],
    libc: '2 stat, 2 listxattr, 2 open, 2 close, 2 read',
  },
  {
    what: 'content changed',
    make: write('another content'),
    // Both sides are looked at by the walk, the source before and after it is read, the target before it is replaced.
    libc: '5 stat, listxattr, 2 open, 2 close, read, write, chmod, utimes, rename',
    forPlan: 'listxattr',
    plain: '5 stat, 2 open, 2 close, read, write, chmod, utimes, rename',
  },
  {
    what: 'mode changed',
    make: (source, names) => onEach(names, name => chmodSync(join(source, name), 0o600)),
    // Both sides are pinned; the source's lists are read between two looks, which prove that they are of one moment.
    libc: '5 stat, 4 listxattr, 2 open, 2 close, chmod, utimes',
  },
  {
    what: 'deleted',
    make: (source, names) => onEach(names, name => rmSync(join(source, name))),
    // Looked at by the walk, and before it goes.
    libc: '2 stat, unlink',
    plain: '2 stat, unlink',
  },
  {
    what: 'first copy into directories that are there',
    make: write('content'),
    // As into new ones; and each is looked for at its name before it gets it.
    libc: '4 stat, listxattr, 2 open, 2 close, read, write, chmod, utimes, rename',
    forPlan: 'listxattr',
    plain: '4 stat, 2 open, 2 close, read, write, chmod, utimes, rename',
  },
]

const ofAttributes: readonly Case[] = [
  {
    what: 'first copy with an extended attribute',
    make: (source, names) => {
      write('content')(source, names)
      const edit = { name: 'user.a', value: Buffer.from('value') }
      editEntries(
        source,
        names.map(name => ({ path: bytesOfText(name), ...edit })),
      )
    },
    // The attribute is read and set.
    libc: '3 stat, listxattr, getxattr, setxattr, 2 open, 2 close, read, write, chmod, utimes',
    forPlan: 'listxattr, getxattr',
  },
  // It is read on both sides.
  { what: 'nothing to do, with an extended attribute', libc: '2 stat, 2 listxattr, 2 getxattr' },
]

const ofLinks: readonly Case[] = [
  {
    what: 'first copy of a file with two names',
    make: (source, names) => {
      write('content')(source, names)
      onEach(names, name => linkSync(join(source, name), join(source, `${name} too`)))
    },
    // As of one name. The other is looked at by the walk, before it is linked, and in the replica after it.
    libc: '6 stat, 3 listxattr, 2 open, 2 close, read, write, chmod, utimes, link',
  },
  // Each name is looked at on each side.
  { what: 'nothing to do, a file with two names', libc: '4 stat, 4 listxattr' },
]

const ofDirectories: readonly Case[] = [
  {
    what: 'a new directory',
    make: (source, names) => onEach(names, name => mkdirSync(join(source, flat(name)))),
    // It is listed, made, named and, as the last thing of the run, given its attributes.
    libc: '4 stat, 3 listxattr, 3 open, 3 close, lseek, 2 list, mkdir, rename, chmod, utimes',
    plain: '4 stat, 3 open, 3 close, 2 list, mkdir, rename, chmod, utimes',
  },
  {
    what: 'a directory with nothing to do',
    // Each side is entered and listed, which ends with an empty list. Node opens it once more for that. The replica's is
    // looked at, too: something may be mounted there.
    libc: '3 stat, 2 listxattr, 2 open, 2 close, 2 lseek, 4 list',
    plain: '5 stat, 4 open, 4 close, 4 list',
  },
  {
    what: 'a directory deleted',
    make: (source, names) => onEach(names, name => rmSync(join(source, flat(name)), { recursive: true })),
    // It is listed, and looked at before it goes.
    libc: '3 stat, open, close, lseek, 2 list, unlink',
  },
]

const directories = Array.from({ length: 10 }, (_, index) => `d${index}`)
const few = namesOf(5)
const many = namesOf(25)
/** By so much a count may differ by chance, and by so much all of a case together may be more. */
const tolerance = 0.15
const mostInAll = 0.3
/** On a machine that is busy now and then something is looked at once more; what each file takes is there each time. */
const mostAttempts = 3

const main = fileURLToPath(new URL('../../packages/cli/bundle/main.js', import.meta.url))
const architecture = new URL('../../ARCHITECTURE.md', import.meta.url)
const groups = [ofFiles, ...(hasAttributes ? [ofAttributes] : []), ofLinks, ofDirectories]
/** Each run of a case takes half a second: each way has its turn where the other tests go it, too. */
const ways: readonly Way[] = process.env['FACSIMILE_NATIVE'] === '0' ? ['plain'] : ['libc']

describe.skipIf(!canStrace).each(ways)('system calls for each file (%s, needs strace)', way => {
  const counted = new Map<string, Calls>()

  beforeAll(async () => {
    const [files = [], ...others] = groups.map(cases => cases.filter(each => each[way] !== undefined))
    await Promise.all([countGroups([files], way, counted), countGroups(others, way, counted)])
  }, 180_000)

  const expectAsWritten = (what: string, each: Case): void => {
    const [found, wanted] = [counted.get(what) ?? {}, wantedOf(each, way)]
    expect(differences(found, wanted)).toEqual([])
    expect(sumOf(found) - sumOf(wanted)).toBeLessThan(mostInAll)
  }

  it.each(named(way, [...ofFiles, ...ofLinks, ...ofDirectories]))('%s', expectAsWritten)
  it.skipIf(!hasAttributes).each(named(way, ofAttributes))('%s', expectAsWritten)
})

it('ARCHITECTURE.md tells these figures', () => {
  const lines = readFileSync(architecture, 'utf8').replaceAll(/ +/g, ' ').split('\n')
  const wanted = [ofFiles, ofAttributes, ofLinks, ofDirectories]
    .flat()
    .map(({ what, libc, plain }) => `| ${what} | ${sumOf(callsOf(libc))} |${shownSum(plain)}| ${libc} |`)
  expect(wanted.filter(line => !lines.includes(line))).toEqual([])
})

function named(way: Way, cases: readonly Case[]): readonly (readonly [what: string, each: Case])[] {
  return cases.filter(each => each[way] !== undefined).map(each => [each.what, each])
}

function wantedOf(each: Case, way: Way): Calls {
  const wanted = callsOf(each[way] ?? '')
  const { forPlan } = each
  if (forPlan === undefined || way === 'plain' || mayDo('administrator')) return wanted
  const besides = Object.entries(callsOf(forPlan)).map(([call, more]) => [call, (wanted[call] ?? 0) + more])
  return { ...wanted, ...Object.fromEntries(besides) }
}

function shownSum(calls: string | undefined): string {
  return calls === undefined ? ' ' : ` ${sumOf(callsOf(calls))} `
}

function differences(found: Calls, wanted: Calls): readonly string[] {
  return Object.keys({ ...wanted, ...found })
    .filter(call => Math.abs((found[call] ?? 0) - (wanted[call] ?? 0)) > tolerance)
    .map(call => `${call}: ${found[call] ?? 0}, and not ${wanted[call] ?? 0}`)
}

async function countGroups(
  all: readonly (readonly Case[])[],
  way: Way,
  into: Map<string, Calls>,
): Promise<void> {
  for (const group of all) {
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const less = await countCases(group, few, way)
      const more = await countCases(group, many, way)
      for (const [index, { what }] of group.entries())
        into.set(what, callsForEach(less[index] ?? {}, more[index] ?? {}, many.length - few.length))
      if (group.every(each => differences(into.get(each.what) ?? {}, wantedOf(each, way)).length === 0)) break
    }
  }
}

async function countCases(
  group: readonly Case[],
  names: readonly string[],
  way: Way,
): Promise<readonly Calls[]> {
  using temporary = temporaryDirectory()
  const [source, replica] = [join(temporary.path, 'source'), join(temporary.path, 'replica')]
  const env = { FACSIMILE_NATIVE: way === 'libc' ? '1' : '0', XDG_STATE_HOME: join(temporary.path, 'state') }
  for (const name of directories) mkdirSync(join(source, name), { recursive: true })
  const counts: Calls[] = []
  for (const { make, args = [] } of group) {
    make?.(source, names)
    const all = [main, '--quiet', '--max-delete', '100%', ...args, source, replica]
    const { result, calls } = await countCalls(process.execPath, all, { folder: temporary.path, env })
    expect([result.code, result.stderr]).toEqual([0, ''])
    counts.push(calls)
  }
  return counts
}

function namesOf(perDirectory: number): readonly string[] {
  return directories.flatMap(directory =>
    Array.from({ length: perDirectory }, (_, index) => `${directory}/${index}`),
  )
}

function write(content: string): (source: string, names: readonly string[]) => void {
  return (source, names) => onEach(names, name => writeFileSync(join(source, name), `${content} of ${name}`))
}

/** Beside the directories, and not in them: there it would be a part of one that is new as a whole. */
function flat(name: string): string {
  return name.replace('/', ' ')
}

function onEach(names: readonly string[], make: (name: string) => void): void {
  for (const name of names) make(name)
}
