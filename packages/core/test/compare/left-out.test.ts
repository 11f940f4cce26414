import { describe, expect, it } from 'vitest'
import { type Candidate, isLeftOut, type LeftOutRules } from '../../src/compare/left-out.js'
import type { Entry } from '../../src/model/entry.js'
import type { CompareSettings } from '../../src/model/compare-settings.js'
import type { RootFacts } from '../../src/model/jobs.js'
import { baseName } from '../../src/model/path.js'
import type { Problem } from '../../src/model/problem.js'
import { markerName, ownMarker } from '../../src/tree/staging-marker.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { entry } from '../support/pairs.js'
import { openTree } from '../support/trees.js'

const temporary = useTemporaryDirectory()
const staging = `.facsimile-${'0123456789abcdef'.repeat(2)}`

const settings: CompareSettings = {
  content: 'metadata',
  hash: undefined,
  wantAll: false,
  deleteExcluded: false,
  oneFileSystem: false,
  links: 'preserve',
  limits: undefined,
  copiesTell: false,
}
const roots: RootFacts = {
  sourceDevice: 1n,
  replicaDevice: 2n,
  sourceIdentity: '1:1',
  replicaIdentity: '2:1',
  ownFiles: ['1:77'],
  livingStagings: [],
  replicaMounts: [],
}

interface Question {
  readonly path?: string
  readonly source?: Partial<Entry>
  readonly replica?: Partial<Entry>
  readonly oneFileSystem?: boolean
  readonly links?: CompareSettings['links']
  readonly isExcluded?: LeftOutRules['isExcluded']
}

function leftOut({
  path = 'd/x',
  source,
  replica,
  oneFileSystem = false,
  links = 'preserve',
  isExcluded,
}: Question) {
  using opened = openTree(temporary.path)
  const problems: Problem[] = []
  const candidate: Candidate = {
    name: baseName(path),
    path,
    source: source === undefined ? undefined : entry(source),
    replica: replica === undefined ? undefined : entry(replica),
  }
  const rules: LeftOutRules = { settings: { ...settings, oneFileSystem, links }, roots, isExcluded }
  const { tree } = opened
  const where = path === candidate.name ? { tree, directory: tree.root } : undefined
  return { is: isLeftOut(rules, candidate, where, problems), problems }
}

describe('what filters exclude', () => {
  it.each<[what: string, question: Question, asked: readonly [string, boolean]]>([
    ['a file', { source: {} }, ['d/x', false]],
    ['a directory', { source: { kind: 'directory' } }, ['d/x', true]],
    ['by the source’s kind', { source: {}, replica: { kind: 'directory' } }, ['d/x', false]],
    ['by the source’s kind, a directory', { source: { kind: 'directory' }, replica: {} }, ['d/x', true]],
    ['by the replica’s, where the source has nothing', { replica: { kind: 'directory' } }, ['d/x', true]],
    ['a link, which is no directory', { source: { kind: 'symlink' } }, ['d/x', false]],
  ])('%s', (_, question, asked) => {
    const calls: unknown[] = []
    for (const answer of [true, false]) {
      const isExcluded = (...args: readonly [string, boolean]): boolean => {
        calls.push(args)
        return answer
      }
      expect(leftOut({ ...question, isExcluded })).toEqual({ is: answer, problems: [] })
    }
    expect(calls).toEqual([asked, asked])
  })
})

describe('what is left out besides', () => {
  it.each<[what: string, question: Question, is: boolean]>([
    ['nothing else', { source: {}, replica: {} }, false],
    ['nothing of the replica', { replica: { device: 1n, inode: 77n } }, false],
    ['no file of the caller’s number elsewhere', { source: { device: 2n, inode: 77n } }, false],
    ['a link, when they are skipped', { source: { kind: 'symlink' }, replica: {}, links: 'skip' }, true],
    ['a link that only the replica has, then', { replica: { kind: 'symlink' }, links: 'skip' }, true],
    [
      'no file where the replica has a link',
      { source: {}, replica: { kind: 'symlink' }, links: 'skip' },
      false,
    ],
    ['no link otherwise', { source: { kind: 'symlink' } }, false],
    ['no other file system', { source: { kind: 'directory', device: 9n } }, false],
    [
      'another file system, when one is wanted',
      { source: { kind: 'directory', device: 9n }, oneFileSystem: true },
      true,
    ],
    ['not the own file system', { source: { kind: 'directory', device: 1n }, oneFileSystem: true }, false],
    ['no file for its file system', { source: { device: 9n }, oneFileSystem: true }, false],
    [
      'no file system of the replica',
      { source: {}, replica: { kind: 'directory', device: 9n }, oneFileSystem: true },
      false,
    ],
    ['no extraneous directory', { replica: { kind: 'directory', device: 9n }, oneFileSystem: true }, false],
  ])('%s', (_, question, is) => {
    expect(leftOut(question)).toEqual({ is, problems: [] })
  })

  it('a file the caller writes, and it is said', () => {
    expect(leftOut({ path: 'd/a\nb', source: { device: 1n, inode: 77n } })).toEqual({
      is: true,
      problems: [
        {
          code: 'notice',
          side: 'source',
          path: 'd/a\nb',
          message: '"d/a\\nb" is written by this run: left out of the mirror',
          errno: undefined,
          exitCode: 0,
        },
      ],
    })
  })
})

describe('the staging directory of another run', () => {
  const marked = { [markerName]: JSON.stringify(ownMarker()) }
  it.each<[what: string, path: string, source: Partial<Entry> | undefined, is: boolean]>([
    ['in the source’s root is left out', staging, { kind: 'directory' }, true],
    ['that is no directory is not', staging, {}, false],
    ['in the replica only is not', staging, undefined, false],
    ['deeper down is not', `d/${staging}`, { kind: 'directory' }, false],
    ['of another name is not', 'other', { kind: 'directory' }, false],
  ])('%s', (_, path, source, is) => {
    writeTree(temporary.path, { [staging]: marked, d: { [staging]: marked }, other: marked })
    const question =
      source === undefined ? { path, replica: { kind: 'directory' as const } } : { path, source }
    expect(leftOut(question).is).toBe(is)
  })

  it('without a valid marker is a directory like any other', () => {
    writeTree(temporary.path, { [staging]: { [markerName]: 'garbage' } })
    expect(leftOut({ path: staging, source: { kind: 'directory' } }).is).toBe(false)
  })
})
