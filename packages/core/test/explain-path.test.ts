import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../test/support/temp.js'
import { explain } from '../src/explain-path.js'
import type { SyncOptions } from '../src/options.js'
import { syncFolders } from '../src/sync-folders.js'

const temporary = useTemporaryDirectory()
const at = (path: string): string => join(temporary.path, 'source', path)
const options = (more: Partial<SyncOptions> = {}): SyncOptions => ({
  source: at(''),
  replica: join(temporary.path, 'replica'),
  stateFolder: join(temporary.path, 'state'),
  concurrency: 1,
  ...more,
})
const said = async (path: string, more: Partial<SyncOptions> = {}): Promise<string> =>
  (await explain(options(more), path)).message

beforeEach(async () => {
  mkdirSync(at('sub/deep'), { recursive: true })
  for (const name of ['a', 'sub/b', 'sub/deep/c', 'gone']) writeFileSync(at(name), name)
  symlinkSync('a', at('link'))
  utimesSync(at('a'), 1000, 1000)
  await syncFolders(options())
})

describe('a change', () => {
  it('is told with the old and the new value of each attribute', async () => {
    appendFileSync(at('a'), '1234')
    chmodSync(at('a'), 0o600)
    utimesSync(at('a'), 1000, 1003)
    const { verdict, message, differences, change } = await explain(options(), './a')
    expect([verdict, change?.action]).toEqual(['changed', 'update'])
    const times = '1970-01-01T00:16:40.000Z -> 1970-01-01T00:16:43.000Z'
    expect(message).toBe(`a: updated: size 1 -> 5, mtime +3 s (${times}), mode 0644 -> 0600`)
    expect(differences.map(({ attribute, before, after }) => [attribute, before, after])).toEqual([
      ['size', '1', '5'],
      ['mtime', '1970-01-01T00:16:40.000Z', '1970-01-01T00:16:43.000Z'],
      ['mode', '0644', '0600'],
    ])
  })

  it('may be of a link, or a deletion, or withheld', async () => {
    unlinkSync(at('link'))
    symlinkSync('sub', at('link'))
    rmSync(at('gone'))
    expect(await said('link')).toContain('target a -> sub')
    expect(await said('gone')).toBe('gone: deleted: not in the source')
    expect(await said('gone', { delete: false })).toBe(
      'gone: not in the source; kept, for nothing is deleted (--no-delete)',
    )
    rmSync(at('sub'), { recursive: true })
    expect(await said('sub', { exclude: ['c'] })).toBe(
      'sub: withheld because of this: holds protected entries; otherwise deleted: not in the source',
    )
  })
})

describe('what is left out is told with the rule', () => {
  it.each<[string, Partial<SyncOptions>, string]>([
    ['a', { exclude: ['x', 'a*'] }, 'a: excluded by --exclude a*; what the replica has there is kept'],
    ['sub/deep/c', { exclude: ['sub/deep'] }, 'excluded by --exclude sub/deep, with sub/deep; what'],
    ['a', { maxSize: 0 }, 'larger than --max-size 0: it has 1 bytes'],
    ['a', { minSize: 9 }, 'smaller than --min-size 9: it has 1 bytes'],
    [
      'a',
      { newer: new Date(2000_000) },
      'not newer than --newer 1970-01-01T00:33:20.000Z: 1970-01-01T00:16:40',
    ],
    [
      'a',
      { older: new Date(1000_000) },
      'not older than --older 1970-01-01T00:16:40.000Z: 1970-01-01T00:16:40',
    ],
    ['link', { preserve: { links: false } }, 'symbolic links are not mirrored (--no-links)'],
    ['sub/b', { filter: ({ name }) => name !== 'b' }, 'left out by the filter'],
    ['sub/b', { include: ['a'] }, 'sub/b: outside of --include'],
    ['sub/deep/c', { include: ['a'] }, 'sub/deep/c: outside of --include'],
  ])('%s by %j', async (path, more, message) => expect(await said(path, more)).toContain(message))

  it('in an ignore file, with its line', async () => {
    writeFileSync(at('.gitignore'), '# none\n\nb\n')
    writeFileSync(at('sub/.gitignore'), '!b\n/deep/c\n')
    const { rule, message } = await explain(options({ ignoreFile: '.gitignore' }), 'sub/deep/c')
    expect(message).toContain('excluded by sub/.gitignore:2 (/deep/c)')
    expect(rule).toMatchObject({ by: 'ignore file', file: 'sub/.gitignore', line: 2, pattern: '/deep/c' })
    expect(await said('sub/b', { ignoreFile: '.gitignore' })).toBe('sub/b: equal')
  })

  it('is told with the rule that decides, the first that matches', async () => {
    const rules = ['+ sub/deep/c', '- c', '- sub/b']
    const { verdict, rule, message } = await explain(options({ rules }), 'sub/b')
    expect([verdict, rule?.by, rule?.pattern]).toEqual(['left out', 'rules', '- sub/b'])
    expect(message).toBe('sub/b: excluded by the rule - sub/b; what the replica has there is kept')
    expect(await said('sub/deep/c', { rules })).toBe('sub/deep/c: equal')
  })

  it('may be what is not listed, with what is on the way to what is', async () => {
    const files = ['sub/deep']
    const verdicts = ['a', 'sub/b', 'sub/none', 'sub', 'sub/deep', 'sub/deep/c'].map(
      async path => (await explain(options({ files }), path)).verdict,
    )
    const outside = 'out of scope'
    expect(await Promise.all(verdicts)).toEqual([outside, outside, outside, 'equal', 'equal', 'equal'])
    expect(await said('a', { files })).toBe('a: not among the listed paths (--files-from)')
  })

  it('may be a link, where those are skipped', async () => {
    expect(await said('link', { links: 'skip' })).toBe(
      'link: left out: symbolic links are skipped (--links skip); what the replica has there is kept',
    )
  })
})

describe('what is as it should be', () => {
  it.each<[string, Partial<SyncOptions>]>([
    ['a', {}],
    ['', {}],
    ['sub/deep', { include: ['sub/deep/c'] }],
    ['sub/deep/c', { include: ['sub/deep/c'] }],
  ])('%j is equal (%j)', async (path, more) =>
    expect((await explain(options(more), path)).verdict).toBe('equal'),
  )

  it('may be nowhere', async () => {
    expect(await said('none/of/it')).toBe('none/of/it: neither in the source nor in the replica')
  })

  it.each(['..', 'a/../b', '/etc', 'a//b', 'a\0'])('is no path: %j', async path => {
    await expect(said(path)).rejects.toThrow('a path relative to both folders is expected')
  })
})
