import { describe, expect, it } from 'vitest'
import type { Action } from '../../src/model/change.js'
import { heldEntry, textOfDeed, textOfReplica } from '../../src/model/held-plan.js'
import type { Entry } from '../../src/model/entry.js'
import { entry } from '../support/pairs.js'

function change(action: Action, after: Partial<Entry>, more: object = {}) {
  const side = heldEntry(entry(after), 1n)
  const none = { linkedTo: undefined, renamedFrom: undefined, moved: undefined, oldNameStays: false }
  return { action, before: side, after: side, ...none, ...more }
}

function texts(...[action, after, more]: Parameters<typeof change>): readonly string[] {
  const changed = change(action, after, more)
  return [textOfDeed(changed), textOfReplica(changed)]
}

/** Whether another value of a field makes it another change. */
function tells(action: Action, kind: Entry['kind'], other: Partial<Entry>): boolean {
  const [deed, replica] = texts(action, { kind })
  const [otherDeed, otherReplica] = texts(action, { kind, ...other })
  expect(deed === otherDeed).toBe(replica === otherReplica)
  return deed !== otherDeed
}

const everywhere: readonly Partial<Entry>[] = [
  { mode: 0o600 },
  { uid: 1 },
  { gid: 1 },
  { inode: 9n },
  { device: 7n },
]
const inFiles: readonly Partial<Entry>[] = [
  { size: 5 },
  { mtimeNs: 1n },
  { ctimeNs: 1n },
  { links: 2 },
  { deviceNumber: 3 },
]

describe('a change is another one', () => {
  it.each([...everywhere, ...inFiles])('of a file, by %o', other => {
    expect(tells('update', 'file', other)).toBe(true)
  })

  it.each(everywhere)('of a directory, by %o', other => {
    expect(tells('create', 'directory', other)).toBe(true)
  })

  it.each([{ mtimeNs: 1n }, { ctimeNs: 1n }])('of a directory that gets its attributes, by %o', other => {
    expect(tells('metadata', 'directory', other)).toBe(true)
    expect(tells('create', 'directory', other)).toBe(false)
  })

  it('by where it comes from', () => {
    const plain = textOfDeed(change('rename', {}))
    for (const more of [{ linkedTo: 'a' }, { renamedFrom: 'a' }, { renamedFrom: '' }, { oldNameStays: true }])
      expect(textOfDeed(change('rename', {}, more))).not.toBe(plain)
    expect(textOfReplica(change('rename', {}, { moved: heldEntry(entry({ size: 1 }), 1n) }))).not.toBe(
      textOfReplica(change('rename', {})),
    )
  })
})

it('the device of the root has no number', () => {
  expect(heldEntry(entry({ device: 4n }), 4n)?.device).toBeUndefined()
  expect(heldEntry(entry({ device: 4n }), 5n)?.device).toBe(4n)
  expect(heldEntry(undefined, 5n)).toBeUndefined()
})
