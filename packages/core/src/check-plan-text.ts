/** What the text of a plan must hold. It comes from elsewhere: whatever is not as expected is refused, with its place. */
import { actions } from './model/change.js'
import { kinds } from './model/entry.js'
import type { HeldChange, HeldEntry } from './model/held-plan.js'
import type { RelativePath } from './model/path.js'
import { show } from './model/show.js'
import { nameFromBytes } from './tree/names.js'

/** What is wrong, without its place. */
export class WrongText extends Error {}

export type Fields = Readonly<Record<string, unknown>>

export function wrong(field: string, expected: string, found: unknown): WrongText {
  return new WrongText(`"${field}": expected ${expected}; found ${show(found)}`)
}

/** An object with no other fields than these. Those without a question mark must be there. */
export function fieldsOf(value: unknown, what: string, names: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(what, 'an object', value)
  const known: ReadonlySet<string> = new Set(names.map(name => name.replace('?', '')))
  const other = Object.keys(value).find(name => !known.has(name))
  if (other !== undefined) throw new WrongText(`"${what}" has a field ${show(other)}, which is not known`)
  const missing = names.find(name => !name.endsWith('?') && !Object.hasOwn(value, name))
  if (missing !== undefined) throw new WrongText(`"${what}" has no field "${missing}"`)
  return Object.assign(Object.create(null), value)
}

const changeFields = [
  'action',
  'path?',
  'pathBase64?',
  'linkedTo?',
  'renamedFrom?',
  'before?',
  'moved?',
  'after?',
  'oldNameStays?',
  'withheld?',
  'reasons',
]

export interface CheckedChange extends HeldChange {
  /** It was shown, and not to be done. */
  readonly isWithheld: boolean
}

export function checkChange(value: unknown): CheckedChange {
  const fields = fieldsOf(value, 'change', changeFields)
  const action = actions.find(known => known === fields['action'])
  if (action === undefined) throw wrong('action', `one of ${actions.join(', ')}`, fields['action'])
  if (!Array.isArray(fields['reasons'])) throw wrong('reasons', 'a list', fields['reasons'])
  const { withheld, oldNameStays } = fields
  if (oldNameStays !== undefined && oldNameStays !== true) throw wrong('oldNameStays', 'true', oldNameStays)
  if (withheld !== undefined && typeof withheld !== 'string')
    throw wrong('withheld', 'why, as text', withheld)
  return {
    action,
    path: pathOf(fields, 'change'),
    linkedTo: otherPath(fields['linkedTo'], 'linkedTo'),
    renamedFrom: otherPath(fields['renamedFrom'], 'renamedFrom'),
    before: entryOf(fields['before'], 'before'),
    moved: entryOf(fields['moved'], 'moved'),
    after: entryOf(fields['after'], 'after'),
    oldNameStays: oldNameStays === true,
    isWithheld: withheld !== undefined,
  }
}

function otherPath(value: unknown, name: string): RelativePath | undefined {
  return value === undefined ? undefined : pathOf(fieldsOf(value, name, ['path?', 'pathBase64?']), name)
}

function pathOf({ path, pathBase64 }: Fields, what: string): RelativePath {
  if ((path === undefined) === (pathBase64 === undefined))
    throw new WrongText(`"${what}" must have one of "path" and "pathBase64"`)
  const text = pathBase64 === undefined ? path : fromBase64(pathBase64)
  if (typeof text !== 'string') throw wrong('path', 'text', text)
  const isPath = text === '' || text.split('/').every(name => !/^\.{0,2}$|\0/.test(name))
  if (!isPath) throw wrong('path', 'a path relative to the roots', text)
  return text
}

function fromBase64(value: unknown): RelativePath {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : Buffer.alloc(0)
  if (bytes.length === 0 || bytes.toString('base64') !== value)
    throw wrong('pathBase64', 'the bytes of a path in base64', value)
  return nameFromBytes(bytes)
}

const entryFields = [
  'kind',
  'size',
  'mode',
  'uid',
  'gid',
  'mtimeNs',
  'ctimeNs',
  'inode',
  'device?',
  'links',
  'deviceNumber?',
]

function entryOf(value: unknown, what: string): HeldEntry | undefined {
  if (value === undefined) return undefined
  const fields = fieldsOf(value, what, entryFields)
  const kind = kinds.find(known => known === fields['kind'])
  if (kind === undefined) throw wrong(`${what}.kind`, `one of ${kinds.join(', ')}`, fields['kind'])
  const number = (name: string): number => {
    const found = fields[name]
    if (typeof found === 'number' && Number.isSafeInteger(found) && found >= 0) return found
    throw wrong(`${what}.${name}`, 'a whole number', found)
  }
  const large = (name: string): bigint => {
    const found = fields[name]
    if (typeof found === 'string' && /^-?\d{1,24}$/.test(found)) return BigInt(found)
    throw wrong(`${what}.${name}`, 'a whole number as text', found)
  }
  return {
    kind,
    size: number('size'),
    mode: number('mode'),
    uid: number('uid'),
    gid: number('gid'),
    mtimeNs: large('mtimeNs'),
    ctimeNs: large('ctimeNs'),
    inode: large('inode'),
    device: fields['device'] === undefined ? undefined : large('device'),
    links: number('links'),
    deviceNumber: fields['deviceNumber'] === undefined ? 0 : number('deviceNumber'),
  }
}
