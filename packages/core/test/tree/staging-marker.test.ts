import * as fs from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  isDead,
  isStagingName,
  type Marker,
  markerName,
  ownMarker,
  parseMarker,
  readMarker,
} from '../../src/tree/staging-marker.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { type EntryLiteral, fifo, symlink } from '../../../../test/support/tree-literal.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { Descriptors, name, openTree, ways } from '../support/trees.js'

vi.mock('node:fs', { spy: true })

const temporary = useTemporaryDirectory()
/** koffi cannot be loaded through a `node:fs` that is spied on; the marker does not depend on the way. */
const plainWays = ways.filter(way => way !== 'libc')
const linux = process.platform === 'linux'
const digits = '0123456789abcdef0123456789abcdef'
/** No process has this number: it is beyond what Linux gives out. */
const nobody = 0x7fff_ffff

afterEach(() => {
  vi.restoreAllMocks()
})

it.each<[text: string, staging: boolean]>([
  [`.facsimile-${digits}`, true],
  [`.facsimile-${digits}0`, false],
  [`.facsimile-${digits.slice(1)}`, false],
  [`.facsimile-${digits.toUpperCase()}`, false],
  [`facsimile-${digits}`, false],
  [`x.facsimile-${digits}`, false],
  [`.facsimile-${digits}\n`, false],
  ['.facsimile-', false],
])('%j is the name of a staging directory: %s', (text, staging) => {
  expect(isStagingName(name(text))).toBe(staging)
})

describe('a marker', () => {
  const marker: Marker = { format: 'facsimile-staging-1', pid: 12, startTime: '345', bootId: 'boot' }

  it('is read as it was written', () => {
    expect(parseMarker(Buffer.from(JSON.stringify(marker)))).toEqual(marker)
    expect(parseMarker(Buffer.from(JSON.stringify(ownMarker())))).toEqual(ownMarker())
  })

  it.each<[what: string, text: string]>([
    ['nothing', ''],
    ['half of one', JSON.stringify(marker).slice(0, 40)],
    ['no JSON', 'facsimile-staging-1'],
    ['null', 'null'],
    ['a number', '12'],
    ['a list', '["facsimile-staging-1"]'],
    ['another format', JSON.stringify({ ...marker, format: 'facsimile-staging-2' })],
    ['no format', JSON.stringify({ ...marker, format: undefined })],
    ['a number as text', JSON.stringify({ ...marker, pid: '12' })],
    ['a start as a number', JSON.stringify({ ...marker, startTime: 345 })],
    ['no boot', JSON.stringify({ ...marker, bootId: undefined })],
    ['bytes that are no text', '\u00ff\u00fe'],
  ])('is none: %s', (_, text) => {
    expect(parseMarker(Buffer.from(text, 'latin1'))).toBeUndefined()
  })
})

describe.runIf(linux)('the process of a marker', () => {
  const own = ownMarker()
  it.each<[what: string, marker: Marker, dead: boolean]>([
    ['this one', own, false],
    ['another that lives', { ...own, pid: 1, startTime: startOf(1) }, false],
    ['none of this number', { ...own, pid: nobody }, true],
    ['a later one of this number', { ...own, startTime: `${own.startTime}0` }, true],
    ['one before the system was started', { ...own, bootId: '00000000-0000-0000-0000-000000000000' }, true],
    ['one of which no boot is known', { ...own, pid: nobody, bootId: '' }, false],
    ['a number that is none', { ...own, pid: -1 }, true],
  ])('is certainly gone: %s', (_, marker, dead) => {
    expect(isDead(marker)).toBe(dead)
  })

  it('is not known to be gone where this system says nothing of its boot', () => {
    vi.mocked(fs.readFileSync).mockImplementation(() => {
      throw new Error('no /proc here')
    })
    expect(ownMarker()).toMatchObject({ startTime: '', bootId: '' })
    expect(isDead(own)).toBe(false)
    expect(isDead({ ...own, bootId: '' })).toBe(false)
  })
})

function startOf(pid: number): string {
  if (!linux) return ''
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

describe.each(plainWays)('the marker of a directory by %s', way => {
  const staging = `.facsimile-${digits}`
  const valid = JSON.stringify(ownMarker())
  it.each<[what: string, entry: EntryLiteral, found: boolean]>([
    ['is read', { [markerName]: valid }, true],
    ['is none in an empty directory', {}, false],
    ['is none of garbage', { [markerName]: 'garbage' }, false],
    ['is none of nothing', { [markerName]: '' }, false],
    ['is none that is a link to one', { [markerName]: symlink('valid'), valid }, false],
    ['is none that is a FIFO, which is not waited for', { [markerName]: fifo() }, false],
    ['is none that is a directory', { [markerName]: {} }, false],
    ['is read to a certain length', { [markerName]: `${valid}${' '.repeat(5000)}x` }, true],
    ['is none of a file', valid, false],
    ['is none of a link to a directory with one', symlink('real'), false],
  ])('%s', (_, literal, found) => {
    writeTree(temporary.path, { [staging]: literal, real: { [markerName]: valid } })
    using opened = openTree(temporary.path, way)
    const descriptors = new Descriptors()
    const tree = descriptors.watch(opened.tree)
    expect(readMarker(tree, tree.root, name(staging)) !== undefined).toBe(found)
    expect(descriptors).toMatchObject({ open: 0, twice: 0 })
  })

  it('is none where there is no directory', () => {
    using opened = openTree(temporary.path, way)
    expect(readMarker(opened.tree, opened.tree.root, name(staging))).toBeUndefined()
  })
})
