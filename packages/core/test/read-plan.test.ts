import { describe, expect, it } from 'vitest'
import { HeldPlan, readPlanText } from '../src/read-plan.js'

const identity = { type: 'ext4', uuid: '', place: '/dev/sda', run: '', mounted: '', inode: '1', bornNs: '0' }
const header = {
  format: 'facsimile plan',
  version: 1,
  madeAt: '2026-01-31T12:00:00.000Z',
  source: { path: '/s', identity },
  replica: { path: '/r', identity: null },
  options: {},
  totals: { changes: 1 },
}
const entry = {
  kind: 'file',
  size: 1,
  mode: 420,
  uid: 0,
  gid: 0,
  links: 1,
  mtimeNs: '-1',
  ctimeNs: '2',
  inode: '18446744073709551615',
}
const change = { action: 'create', path: 'a/b', after: entry, reasons: ['new'] }

function text(head: object, ...lines: readonly string[]): string {
  const all = lines.map((line, index) => (index + 1 < lines.length ? `${line},` : line))
  return `${JSON.stringify(head).slice(0, -1)},"changes":[\n${all.map(line => `${line}\n`).join('')}]}\n`
}

const good = text(header, JSON.stringify(change))

async function refusal(...chunks: readonly (string | Uint8Array)[]): Promise<string> {
  return await readPlanText(chunks).then(
    () => 'none',
    (error: Error & { readonly exitCode?: number }) => `${error.exitCode} ${error.message}`,
  )
}

describe('the text of a plan', () => {
  it('is read, in pieces of any size', async () => {
    const bytes = new TextEncoder().encode(good.replace('a/b', '\u00fc/\u20ac'))
    const pieces = Array.from(bytes, byte => Uint8Array.of(byte))
    const held = await readPlanText(pieces)
    expect(held).toBeInstanceOf(HeldPlan)
    expect([held.length, held.source.path, held.replica.identity]).toEqual([1, '/s', null])
    expect([...held.comparer().missed()]).toEqual([{ path: '\u00fc/\u20ac', action: 'create' }])
  })

  it('may have no change', async () => {
    expect((await readPlanText([text({ ...header, totals: { changes: 0 } })])).length).toBe(0)
  })

  it('has names that are not UTF-8 as their bytes', async () => {
    const { path: _, ...rest } = change
    const held = await readPlanText([text(header, JSON.stringify({ ...rest, pathBase64: 'Zv8=' }))])
    expect([...held.comparer().missed()].map(({ path }) => path)).toEqual(['f\udcff'])
  })

  const line = (fields: object): string => text(header, JSON.stringify({ ...change, ...fields }))
  const head = (fields: object): string => text({ ...header, ...fields }, JSON.stringify(change))

  it.each<[string, string, string]>([
    ['nothing', '', 'it is cut off: its end is missing'],
    ['no JSON', 'x\n', 'line 1: expected the begin of a plan'],
    [
      'another layout',
      `${JSON.stringify({ ...header, changes: [change] }, null, 2)}\n`,
      'line 1: expected the begin',
    ],
    ['a text that is cut off', good.slice(0, -4), 'its end is missing'],
    ['a text that goes on', `${good}x`, 'line 4: there is more text behind its end'],
    ['another version', head({ version: 2 }), 'line 1: "version": expected 1'],
    ['another format', head({ format: 'x' }), 'line 1: "format": expected "facsimile plan"'],
    ['too few changes', head({ totals: { changes: 2 } }), 'it has 1 changes, and should have 2'],
    [
      'a number that is none',
      head({ totals: { changes: '1' } }),
      '"totals.changes": expected a whole number',
    ],
    ['a root without a path', head({ source: { path: '', identity } }), '"source.path": expected a path'],
    ['a source that was not there', head({ source: { path: '/s', identity: null } }), '"source.identity"'],
    [
      'an identity of other things',
      head({ source: { path: '/s', identity: { ...identity, inode: 1 } } }),
      '"source.identity.inode": expected text',
    ],
    [
      'a field that is not known',
      line({ deletes: true }),
      'line 2: "change" has a field "deletes", which is not known',
    ],
    ['an action that is not known', line({ action: 'wipe' }), '"action": expected one of create, update'],
    ['a path that leads out', line({ path: 'a/../../b' }), '"path": expected a path relative to the roots'],
    ['an absolute path', line({ path: '/etc' }), '"path": expected a path relative to the roots'],
    ['two paths', line({ pathBase64: 'YQ==' }), 'must have one of "path" and "pathBase64"'],
    [
      'what is not base64',
      text(header, JSON.stringify({ ...change, path: undefined, pathBase64: '!' })),
      '"pathBase64": expected',
    ],
    ['a size that is none', line({ after: { ...entry, size: -1 } }), '"after.size": expected a whole number'],
    [
      'a time that is a number',
      line({ after: { ...entry, mtimeNs: 1 } }),
      '"after.mtimeNs": expected a whole number as text',
    ],
    ['an endless number', line({ after: { ...entry, inode: '9'.repeat(1000) } }), '"after.inode": expected'],
    ['an entry that lacks something', line({ after: { kind: 'file' } }), '"after" has no field "size"'],
    [
      'one path twice',
      text({ ...header, totals: { changes: 2 } }, JSON.stringify(change), JSON.stringify(change)),
      'line 3: there are two changes of this path',
    ],
  ])('is refused where it is %s', async (_what, given, message) => {
    const said = await refusal(given)
    expect(said).toContain(message)
    expect(said.startsWith('2 this is no plan that can be applied: ')).toBe(true)
    expect(said).not.toContain('\n')
  })

  it('is refused where it is not UTF-8, or a line has no end', async () => {
    expect(await refusal(Uint8Array.of(0xff, 0xff))).toContain('it is not UTF-8')
    const piece = 'x'.repeat(1 << 22)
    expect(await refusal(piece, piece, piece, piece, piece)).toContain(
      'a line that is longer than any plan has',
    )
  })

  it('plants nothing in objects', async () => {
    const planted = good.replace('"reasons"', '"__proto__":{"delete":true},"reasons"')
    expect(await refusal(planted)).toContain('has a field "__proto__", which is not known')
    const inOptions = good.replace('"options":{}', '"options":{"__proto__":{"delete":true}}')
    const held = await readPlanText([inOptions])
    expect(Object.keys(held.options)).toEqual(['__proto__'])
    expect('delete' in {}).toBe(false)
    // The last of two is what counts, as everywhere.
    const twice = await readPlanText([good.replace('"path":"a/b"', '"path":"x","path":"y"')])
    expect([...twice.comparer().missed()].map(({ path }) => path)).toEqual(['y'])
  })
})
