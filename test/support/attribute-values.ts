/** Values that the system takes for its own attributes. */
import { Buffer } from 'node:buffer'

const tags = { user: 1, group: 4, mask: 16, other: 32 } as const
const named = { user: 2, group: 8 } as const
const nobody = 0xffff_ffff

/** An entry of an access control list: `['user', 6]` for the owner, `['user', 4, 1000]` for somebody else. */
export type AclEntry =
  | readonly [who: keyof typeof tags, permissions: number]
  | readonly [who: keyof typeof named, permissions: number, id: number]

/** The value of `system.posix_acl_access` or `system.posix_acl_default`: entries in the order of their tags. */
export function aclValue(...entries: readonly AclEntry[]): Buffer {
  const list = entries.map(([who, permissions, id]) => ({
    tag: id === undefined ? tags[who] : named[who as keyof typeof named],
    permissions,
    id: id ?? nobody,
  }))
  const value = Buffer.alloc(4 + 8 * list.length)
  value.writeUInt32LE(2, 0)
  for (const [index, { tag, permissions, id }] of list
    .sort((a, b) => a.tag - b.tag || a.id - b.id)
    .entries()) {
    value.writeUInt16LE(tag, 4 + 8 * index)
    value.writeUInt16LE(permissions, 6 + 8 * index)
    value.writeUInt32LE(id, 8 + 8 * index)
  }
  return value
}

/** The value of `security.capability`, as `setcap` writes it: permitted and effective. */
export function capabilityValue(capability: number): Buffer {
  const value = Buffer.alloc(20)
  value.writeUInt32LE(0x0200_0001, 0)
  value.writeUInt32LE((1 << capability) >>> 0, 4)
  return value
}
