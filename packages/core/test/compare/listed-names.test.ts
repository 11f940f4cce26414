import { describe, expect, it } from 'vitest'
import { NamesOnWay } from '../../src/compare/listed-names.js'
import { Unseen } from '../../src/compare/look.js'
import type { Name } from '../../src/model/path.js'
import { problem } from '../../src/model/problem.js'
import { entry } from '../support/pairs.js'

const [end, way] = ['end' as Name, 'way' as Name]
const gone = new Unseen(problem('source-changed', 'source', 'x', 'gone'), 0)
const unread = new Unseen(problem('source-unreadable', 'source', 'x', 'unread'), 0)

function names(): NamesOnWay {
  return new NamesOnWay({ names: 'end/way', ends: Uint8Array.of(1, 0) })
}

describe('a name on the way to listed paths', () => {
  it.each<[name: Name, found: Parameters<NamesOnWay['isMissing']>[1], isMissing: boolean]>([
    [end, entry(), false],
    [end, entry({ kind: 'directory' }), false],
    [end, gone, true],
    [end, unread, false],
    [way, entry({ kind: 'directory' }), false],
    [way, entry(), true],
    [way, entry({ kind: 'symlink' }), true],
    [way, undefined, true],
    [way, gone, true],
    [way, unread, false],
  ])('%s, found as %o', (name, found, isMissing) => {
    const onWay = names()
    expect(onWay.isMissing(name, found)).toBe(isMissing)
    expect(onWay.missing).toEqual(isMissing ? [name] : [])
  })

  it('is not deleted where the way goes on', () => {
    expect([
      names().isOnlyOnWay(way),
      names().isOnlyOnWay(end),
      names().isOnlyOnWay('other' as Name),
    ]).toEqual([true, false, false])
  })

  it('may be none', () => {
    expect(new NamesOnWay({ names: '', ends: Uint8Array.of() }).isOnlyOnWay('' as Name)).toBe(false)
  })
})
