import { describe, expect, it } from 'vitest'
import { directory, hardLink } from '../../../../test/support/tree-literal.js'
import { type Recorded, useRecording } from './ground.js'

const ground = useRecording()
const old = { mtime: '2012-12-12T12:12:12Z' }
const older = { mtime: '2010-10-10T10:10:10Z' }

describe('RecordingTree', () => {
  it.each<[what: string, change: (recorded: Recorded) => void]>([
    ['a new file', ({ put }) => put('new')],
    ['a file that takes the place of another', ({ put }) => put('d/x', 'is new')],
    ['a file that is removed', ({ tree, in: at }) => at('d/x', (parent, name) => tree.unlink(parent, name))],
    [
      'an empty directory that is removed',
      ({ tree, in: at }) => at('empty', (parent, name) => tree.removeDirectory(parent, name)),
    ],
    [
      'a new directory and what is in it',
      ({ tree, in: at, put }) => {
        at('made', (parent, name) => tree.makeDirectory(parent, name))
        put('made/in it')
      },
    ],
    ['a rename', ({ rename }) => rename('d', 'y/d')],
    ['a rename over another file', ({ rename }) => rename('d/x', 'y/z')],
    [
      'attributes',
      ({ tree, in: at }) =>
        at('d/x', (parent, name) => {
          const pinned = tree.pin(parent, name)
          pinned.setMode(0o600)
          pinned.setMtime(0n)
          pinned.close()
        }),
    ],
    [
      'one name of two',
      ({ tree, in: at, put }) => {
        at('twin', (parent, name) => tree.unlink(parent, name))
        put('d/x', 'is new')
      },
    ],
    [
      'what lies in a directory that took the name of another, which was changed before',
      ({ rename, put }) => {
        rename('d/x', 'q')
        rename('d', 'e')
        rename('y', 'd')
        put('d/new')
      },
    ],
    [
      'what lies in a directory that took the name of a removed one',
      ({ tree, in: at, rename, put }) => {
        rename('empty', 'd/empty')
        at('d/empty', (parent, name) => tree.removeDirectory(parent, name))
        rename('y', 'd/empty')
        put('d/empty/new')
      },
    ],
  ])('tells of %s, so that it is taken back with all times', (_, change) => {
    const before = ground.write({
      d: directory({ x: 'x' }, old),
      y: directory({ z: 'z' }, older),
      empty: directory({}, old),
      twin: hardLink('d/x'),
    })
    ground.record(change)
    expect(ground.now()).not.toEqual(before)
    ground.undo()
    expect(ground.now()).toEqual(before)
  })

  it('tells what one thread does in a directory that another gave a name it knew', () => {
    const before = ground.write({ d: directory({ x: 'x' }, old), y: directory({ z: 'z' }, older) })
    ground.record(first => {
      first.rename('d/x', 'q')
      ground.record(
        ({ rename }) => {
          rename('d', 'e')
          rename('y', 'd')
        },
        { thread: '1' },
      )
      first.put('d/new')
    })
    ground.undo()
    expect(ground.now()).toEqual(before)
  })

  it('tells nothing of what is done in staging', () => {
    ground.write({ '.facsimile-1': {}, f: 'f' })
    ground.record(({ put }) => put('.facsimile-1/0'), { staging: '.facsimile-1' as never })
    expect(ground.told().map(({ op }) => op)).toEqual([])
  })
})
