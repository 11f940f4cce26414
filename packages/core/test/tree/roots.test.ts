import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SyncError } from '../../src/model/errors.js'
import { openRoots, type Roots } from '../../src/tree/roots.js'
import { isRoot } from '../../../../test/support/entry-kind.js'
import { canMount, useMounts } from '../../../../test/support/mounts.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { directory, fifo, symlink } from '../../../../test/support/tree-literal.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { asOrdinaryUser } from '../support/as-user.js'
import { ways } from '../support/trees.js'

const temporary = useTemporaryDirectory()
const mounts = useMounts()

function at(path: string): string {
  return join(temporary.path, path)
}

/** How many descriptors this process has open; none can be left behind by a refusal. */
function openDescriptors(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0
}

function refusal(call: () => unknown): SyncError {
  try {
    call()
  } catch (error) {
    if (error instanceof SyncError) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe.each(ways)('roots by %s', way => {
  function open(source: string, replica: string): Roots {
    return openRoots({
      source: at(source),
      replica: at(replica),
      held: way,
      native: true,
      oneFileSystem: false,
      allowSystemReplica: false,
    })
  }

  const tree = {
    s: { in: { deep: {} } },
    r: { in: { deep: {} } },
    f: '',
    p: fifo(),
    toS: symlink('s'),
    toInS: symlink('s/in/deep'),
    dangling: symlink('nowhere'),
    loop: symlink('loop'),
    toFile: symlink('f'),
  }

  describe('are refused', () => {
    const same = /^source ".*" and replica ".*" are the same folder$/
    const inSource = /: the replica lies inside the source, and would be mirrored into itself$/
    const inReplica = /: the source lies inside the replica, and would be deleted$/
    it.each<[source: string, replica: string, message: RegExp]>([
      ['none', 'r', /^source ".*\/none" does not exist: expected a folder$/],
      ['none', 'none', /^source .* does not exist/],
      ['none/none', 'r', /^source .* does not exist/],
      ['dangling', 'r', /^source .* does not exist/],
      ['loop', 'r', /^source .* cannot be opened: it is a symbolic link \(ELOOP\)$/],
      ['f', 'r', /^source ".*\/f" is not a folder$/],
      ['f/x', 'r', /^source ".*\/f\/x" is not a folder$/],
      ['toFile', 'r', /^source .* is not a folder$/],
      ['p', 'r', /^source .* is not a folder$/],
      ['s', 'f', /^replica ".*\/f" is not a folder$/],
      ['s', 'p', /^replica .* is not a folder$/],
      ['s', 'toFile', /^replica .* is not a folder$/],
      ['s', 'dangling', /^replica .* is a link that leads nowhere: expected a folder, or nothing$/],
      ['s', 'loop', /^replica .* cannot be opened: it is a symbolic link/],
      [
        's',
        'none/r',
        /^the folder ".*\/none", in which the replica "r" would be made, does not exist: make it first$/,
      ],
      ['s', 'dangling/r', /^the folder .* does not exist: make it first$/],
      ['s', 'f/r', /^replica .* cannot be looked at: it is not a directory \(ENOTDIR\)$/],
      ['s', 's', same],
      ['s', 's/', same],
      ['s', 'toS', same],
      ['toS', 's', same],
      ['s', 'r/../s', same],
      ['s', 's/in/..', same],
      ['s', 's/in', inSource],
      ['s', 's/in/deep', inSource],
      ['s', 'toInS', inSource],
      ['toS', 's/in', inSource],
      ['s', 's/new', inSource],
      ['s', 's/in/new', inSource],
      ['s', 'toInS/new', inSource],
      ['r/in', 'r', inReplica],
      ['r/in/deep', 'r', inReplica],
      ['toInS', 's', inReplica],
      ['r/in', 'r/in/../../r', inReplica],
    ])('%s to %s', (source, replica, message) => {
      writeTree(temporary.path, tree)
      const before = openDescriptors()
      const error = refusal(() => open(source, replica))
      expect(error).toMatchObject({ code: 'root-refused', exitCode: 26 })
      expect(error.message).toMatch(message)
      expect(openDescriptors()).toBe(before)
    })

    it('with names that are safe to show', () => {
      const { message } = refusal(() => open('a\nb', 'r'))
      expect(message).toContain('/a\\nb" does not exist')
    })
  })

  describe.runIf(canMount)('that a mount makes one (root only) are refused', () => {
    it.each<
      [what: string, source: string, replica: string, mount: readonly [string, string], message: RegExp]
    >([
      ['the same', 's', 'r', ['s', 'r'], /are the same folder/],
      [
        'the source inside the replica, by its path',
        'r/in',
        'r',
        ['s', 'r/in'],
        /the source lies inside the replica/,
      ],
      [
        'the replica inside the source, by its path',
        's',
        's/in',
        ['r', 's/in'],
        /the replica lies inside the source/,
      ],
    ])('%s', (_, source, replica, [from, to], message) => {
      writeTree(temporary.path, { s: { in: {} }, r: { in: {} } })
      mounts.bind(at(from), at(to))
      expect(refusal(() => open(source, replica)).message).toMatch(message)
    })

    it.each<[what: string, from: string, to: string]>([
      ['that no path shows', 's/in', 'r'],
      ['that puts part of one into the other', 's/in', 'r/in'],
      ['the other way round', 'r/in', 's/in'],
    ])('also one %s', (_, from, to) => {
      writeTree(temporary.path, { s: { in: {} }, r: { in: {} } })
      mounts.bind(at(from), at(to))
      expect(refusal(() => open('s', 'r')).message).toMatch(
        /lies inside the other through what is mounted at/,
      )
    })

    it('but not another part of the same file system', () => {
      writeTree(temporary.path, { s: { in: {} }, r: { in: {} }, elsewhere: {} })
      mounts.bind(at('elsewhere'), at('r/in'))
      mounts.bind(at('elsewhere'), at('s/in'))
      expect(() => open('s', 'r')).toThrow(/lies inside the other/)
      mounts.clear()
      mounts.bind(at('elsewhere'), at('r/in'))
      open('s', 'r').close()
    })
  })

  describe('are opened', () => {
    it.each<[what: string, source: string, replica: string, exists: boolean]>([
      ['side by side', 's', 'r', true],
      ['where the replica is still to be made', 's', 'new', false],
      ['where that lies beside the source', 's/in', 's2', false],
      ['through a link', 'toS', 'r', true],
      ['whose names begin alike', 's', 's2', false],
    ])('%s', (_, source, replica, exists) => {
      writeTree(temporary.path, tree)
      const before = openDescriptors()
      const roots = open(source, replica)
      expect(roots.source.entry.inode).toBe(statSync(at(source), { bigint: true }).ino)
      expect(roots.replica !== undefined).toBe(exists)
      expect(roots.nearest.entry.inode).toBe(statSync(at(exists ? replica : '.'), { bigint: true }).ino)
      expect([roots.source.spec.side, roots.nearest.spec.side, roots.source.spec.way]).toEqual([
        'source',
        'replica',
        way,
      ])
      roots.close()
      roots.close()
      expect(openDescriptors()).toBe(before)
    })
  })

  it.runIf(isRoot)(
    'below a folder that may only be passed through are opened, and refused, as any other',
    () => {
      writeTree(temporary.path, { home: directory({ s: { in: {} }, r: {} }, { mode: 0o711 }) })
      asOrdinaryUser(() => {
        open('home/s', 'home/r').close()
        expect(refusal(() => open('home/s', 'home/s/in')).message).toContain(
          'the replica lies inside the source',
        )
      })
    },
  )
})
