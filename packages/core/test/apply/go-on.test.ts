import { linkSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { GoingOn } from '../../src/apply/go-on.js'
import { findUnfinished } from '../../src/apply/unfinished.js'
import type { Entry } from '../../src/model/entry.js'
import type { Name } from '../../src/model/path.js'
import { entry } from '../support/pairs.js'
import { deadStaging, intended, leaveUnfinished } from './dead-staging.js'
import { useGround } from './ground.js'

const place = useGround()
const uid = process.geteuid?.() ?? 0
const part = (name: string): string => join(place.replica, deadStaging, '0', name)
const { path, ...asIntended } = intended

/** What a copy finds at its temporary name: undefined where it is to begin anew. */
function begun(
  source: Partial<Entry> = {},
  spoil: () => void = () => undefined,
  mode = 0o700,
): string | undefined {
  const { tree } = place.open({ replica: { to: {} } }).context.replica
  leaveUnfinished(tree, place.replica, intended, mode)
  const going = new GoingOn(tree, findUnfinished(tree, uid), uid)
  spoil()
  const directory = tree.openDirectory(tree.root, 'to' as Name)
  try {
    const to = { directory, name: 'new' as Name }
    const file = going.begin(path, entry({ ...asIntended, ...source }), to)
    file?.close()
    expect(JSON.parse(readFileSync(join(place.replica, 'to', 'new.note'), 'utf8'))).toMatchObject({ path })
    return file === undefined ? undefined : readFileSync(join(place.replica, 'to', 'new'), 'utf8')
  } finally {
    directory.close()
  }
}

it('what was left is taken over, once', () => {
  expect(begun()).toBe('half')
})

describe('it is begun anew', () => {
  it.each([{ inode: 3n }, { device: 3n }, { size: 10 }, { mtimeNs: 3n }])('of another source: %o', other => {
    expect(begun(other)).toBeUndefined()
  })

  it.each<[what: string, spoil: () => void]>([
    ['that has another name by now', () => linkSync(part('1'), join(place.replica, 'other'))],
    [
      'that is a link by now',
      () => {
        rmSync(part('1'))
        writeFileSync(join(place.path, 'victim'), 'victim')
        symlinkSync(join(place.path, 'victim'), part('1'))
      },
    ],
    ['that is gone', () => rmSync(part('1'))],
    ['whose folder is gone', () => rmSync(join(place.replica, deadStaging), { recursive: true })],
  ])('beside a file %s', (_, spoil) => {
    expect(begun({}, spoil)).toBeUndefined()
  })

  it('beside a file that others could have put there', () => {
    expect(begun({}, undefined, 0o777)).toBeUndefined()
  })
})
