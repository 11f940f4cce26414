/** Gives an entry the attributes that a journal says it had. */
import { meaningOf } from '../model/errno.js'
import { dress } from '../tree/attributes.js'
import { escapeName } from '../tree/names.js'
import type { Handle } from '../tree/tree.js'
import type { XattrChange, Xattrs } from '../tree/xattrs.js'
import type { Was } from './records.js'

/** Fails where one of them cannot be set. */
export function redress(handle: Handle, was: Was): void {
  const { uid, gid, mode } = was
  const wanted = { uid, gid, mode, mtimeNs: BigInt(was.mtime), isExact: true }
  const unset = dress(handle, handle.stat(), wanted, changesOf(was, handle.xattrs()))
  if (unset === undefined) return
  const message = `the extended attribute "${escapeName(unset.name)}" cannot be set: ${meaningOf(unset.error)}`
  throw new Error(message, { cause: unset.error })
}

function changesOf({ xattrs }: Was, there: Xattrs): readonly XattrChange[] {
  const wanted = new Map(xattrs.map(([name, value]) => [name, Buffer.from(value, 'base64')]))
  const changes: XattrChange[] = []
  for (const name of there.keys()) if (!wanted.has(name)) changes.push({ name, value: undefined })
  for (const [name, value] of wanted) {
    const current = there.get(name)
    if (current === undefined || Buffer.compare(current, value) !== 0) changes.push({ name, value })
  }
  return changes
}
