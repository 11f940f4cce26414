/**
 * The documents against what they speak of: paths, links and commands are there, every source is on the map, and the
 * tables of the README hold the options, flags and exit codes that there are.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { exitCodeTexts } from '../../packages/cli/src/exit-codes.js'
import type { Flag } from '../../packages/cli/src/flag.js'
import { flags } from '../../packages/cli/src/flags.js'
import { expectEqualTrees } from '../support/compare-trees.js'
import { runProcess } from '../support/run.js'
import { useTemporaryDirectory } from '../support/temp.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'packages/core/README.md',
  'packages/cli/README.md',
  ...filesIn('docs').filter(file => file.endsWith('.md')),
]
const readme = read('README.md')

describe.each(documents)('%s', document => {
  const text = read(document)

  it('names paths that exist', () => {
    expect(namedPaths(document, text).filter(({ found }) => found === undefined)).toEqual([])
  })

  it('has links that lead somewhere', () => {
    const broken = [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter(target => !/^https?:/.test(target) && !leadsSomewhere(document, target))
    expect(broken).toEqual([])
  })

  it('names scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Record<string, string> }
    const named = [...text.matchAll(/\bnpm (?:run (?:-s )?([\w:]+)|(start|test)\b)/g)]
    expect(
      named.map(([, script, short]) => script ?? short ?? '').filter(name => !(name in scripts)),
    ).toEqual([])
  })
})

describe('ARCHITECTURE.md', () => {
  it('names every source of the packages', () => {
    const named = new Set(namedPaths('ARCHITECTURE.md', read('ARCHITECTURE.md')).map(({ found }) => found))
    const sources = ['packages/core/src', 'packages/cli/src'].flatMap(filesIn)
    expect(sources.filter(source => !named.has(source))).toEqual([])
  })
})

describe('README.md', () => {
  const temporary = useTemporaryDirectory()

  it('has the options of the library, in their order and with their defaults', () => {
    const rows = tableAfter('## Options of the library').map(([name = '', value = '']) => [
      name.replaceAll('`', ''),
      value.replaceAll('`', ''),
    ])
    expect(rows).toEqual(documentedOptions())
  })

  it('has the flags of the command, in their order and with their values', () => {
    const rows = tableAfter('## Flags of the command').map(([flag = '']) => flag.replaceAll(/`|\\/g, ''))
    expect(rows).toEqual([...flags.map(shownFlag), '--version', '-h, --help'])
  })

  it('has the exit codes', () => {
    expect(tableAfter('## What keeps a replica safe').map(([codes]) => codes)).toEqual(
      exitCodeTexts.map(([codes]) => codes),
    )
  })

  it('has an example of the library that runs', async () => {
    const [source, replica] = [join(temporary.path, 'source'), join(temporary.path, 'replica')]
    mkdirSync(source)
    writeFileSync(join(source, 'file'), 'content')
    const example = (/```js\n([^]*?)```/.exec(readme)?.[1] ?? '')
      .replace("'./site'", JSON.stringify(source))
      .replace("'/mnt/backup/site'", JSON.stringify(replica))
    const { code, stderr } = await runProcess(process.execPath, ['--input-type=module', '--eval', example], {
      cwd: join(root, 'test'),
    })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expectEqualTrees(source, replica)
  })
})

it('decisions are numbered without a gap, and each has its number in its title', () => {
  const files = filesIn('docs/decisions')
  const titles = files.map(file => read(file).split(' ', 2)[1])
  const numbers = files.map((_, index) => String(index + 1).padStart(3, '0'))
  expect(titles).toEqual(numbers)
  expect(files.map(file => file.slice('docs/decisions/'.length, -1).split('-', 1)[0])).toEqual(numbers)
})

/** Each option with its default, as `options.ts` documents them. */
function documentedOptions(): string[][] {
  const [, body = ''] =
    /export interface SyncOptions \{([^]*?)\n\}/.exec(read('packages/core/src/options.ts')) ?? []
  return [...body.matchAll(/\/\*\*([^]*?)\*\/\s*readonly (\w+)/g)].map(([, comment = '', name = '']) => {
    const value = /@default (.+?) *$/m.exec(comment)?.[1] ?? ''
    return [name, value.replaceAll('`', '').trim()]
  })
}

function shownFlag(flag: Flag): string {
  const names = flag.short === undefined ? flag.long : `${flag.short}, ${flag.long}`
  return 'value' in flag ? `${names} ${flag.value}` : names
}

/** The rows of the first table after a heading, without its head. */
function tableAfter(heading: string): string[][] {
  const lines = readme.slice(readme.indexOf(`\n${heading}\n`)).split('\n')
  const first = lines.findIndex(line => line.startsWith('|'))
  const length = lines.slice(first).findIndex(line => !line.startsWith('|'))
  return lines.slice(first + 2, first + length).map(line =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map(cell => cell.trim()),
  )
}

type NamedPath = { readonly named: string; readonly found: string | undefined }

/**
 * What stands in backticks and looks like a path: from the root, from the document, or from the folder that the last
 * heading names. Globs and places to be filled in are no paths.
 */
function namedPaths(document: string, text: string): readonly NamedPath[] {
  const paths: NamedPath[] = []
  let folder = ''
  for (const line of prose(text).split('\n')) {
    const tokens = [...line.matchAll(/`([^`]+)`/g)].map(([, token = '']) => token)
    for (const named of tokens.filter(looksLikePath)) {
      const places = [folder, '', dirname(document)].map(place => posix.normalize(posix.join(place, named)))
      const found = places.find(place => existsSync(join(root, place)))
      paths.push({ named, found: found?.replace(/\/$/, '') })
      if (line.startsWith('#') && found !== undefined) folder = found
    }
    if (line.startsWith('#') && tokens.length === 0) folder = ''
  }
  return paths
}

function looksLikePath(token: string): boolean {
  if (!/^[\w.@/-]+$/.test(token) || token.startsWith('./') || token.includes('NNN')) return false
  return (
    /^[\w@.-].*\.(?:ts|mjs|cjs|json|md|yml|yaml|txt)$/.test(token) ||
    /^(?:packages|test|docs|examples|\.ci|\.github|\.changeset)(?:\/|$)/.test(token)
  )
}

/** The text without its blocks of code. */
function prose(text: string): string {
  return text.replaceAll(/^```[^]*?^```/gm, '')
}

function leadsSomewhere(document: string, target: string): boolean {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? document : posix.join(dirname(document), path)
  if (!existsSync(join(root, file))) return false
  return anchor === undefined || anchorsOf(read(file)).includes(anchor)
}

function anchorsOf(text: string): readonly string[] {
  return [...prose(text).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}

/** All files in a folder and below, by path from the root. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => posix.join(folder, relativeTo(folder, entry.parentPath), entry.name))
    .sort()
}

function relativeTo(folder: string, path: string): string {
  return path.slice(join(root, folder).length).replaceAll('\\', '/')
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n')
}
