/** Compares the extended attributes of two trees, of every name space; access control lists entry by entry. */
import type { Buffer } from 'node:buffer'
import { type Bytes, textOf } from './byte-names.js'
import type { Root } from './held-directories.js'
import { readAttributes } from './extended-attributes.js'

export type AttributeDifference = {
  readonly path: string
  readonly source: string
  readonly replica: string
}

/** Of the paths that are asked for: those that are on both sides. */
export function attributeDifferences(
  source: Root,
  replica: Root,
  isAskedFor: (path: string) => boolean,
): readonly AttributeDifference[] {
  const [inSource, inReplica] = readAttributes([source, replica])
  const paths = new Set([...(inSource?.keys() ?? []), ...(inReplica?.keys() ?? [])])
  return [...paths].sort().flatMap(path => {
    const text = textOf(path)
    if (!isAskedFor(text)) return []
    const [one, other] = [shown(inSource?.get(path)), shown(inReplica?.get(path))]
    const names = [...new Set([...one.keys(), ...other.keys()])].sort()
    return names.flatMap(name => {
      const [mine, theirs] = [one.get(name) ?? 'absent', other.get(name) ?? 'absent']
      if (mine === theirs) return []
      return [{ path: text, source: `${name} ${brief(mine)}`, replica: `${name} ${brief(theirs)}` }]
    })
  })
}

/** What XFS shows root besides: the same lists once more. */
const aliases = /^trusted\.SGI_ACL_(?:FILE|DEFAULT)$/

function shown(attributes: ReadonlyMap<Bytes, Buffer> | undefined): ReadonlyMap<string, string> {
  const all = [...(attributes ?? [])].map(([name, value]) => [textOf(name), value] as const)
  return new Map(
    all
      .filter(([name]) => !aliases.test(name))
      .map(([name, value]) => [
        name,
        name.startsWith('system.posix_acl_') ? showAcl(value) : `0x${value.toString('hex')}`,
      ]),
  )
}

const tags: Readonly<Record<number, string>> = {
  1: 'user:',
  2: 'user:',
  4: 'group:',
  8: 'group:',
  16: 'mask',
  32: 'other',
}

/** In one order, for it means nothing: a version, then entries of a tag, permissions and an id. */
export function showAcl(value: Buffer): string {
  const entries: string[] = []
  for (let at = 4; at + 8 <= value.length; at += 8) {
    const [tag, permissions, id] = [
      value.readUInt16LE(at),
      value.readUInt16LE(at + 2),
      value.readUInt32LE(at + 4),
    ]
    const whose = tag === 2 || tag === 8 ? id : ''
    entries.push(`${tags[tag] ?? tag}${whose}=${permissions.toString(8)}`)
  }
  return `${value.readUInt32LE(0)}:${entries.sort().join(',')}`
}

const longest = 80

function brief(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}... (${text.length} characters)`
}
