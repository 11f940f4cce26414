/** What is asked of the roots once they are open. */
import { lstatSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { SyncError } from '../../src/model/errors.js'
import type { HeldWay } from '../../src/model/report.js'
import { openRoot } from '../../src/tree/local.js'
import {
  identifyOwnFiles,
  makeReplicaRoot,
  openRoots,
  refuseNested,
  requireSpace,
  type Roots,
} from '../../src/tree/roots.js'
import { requireSameRoot } from '../../src/tree/same-roots.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { symlink, type TreeLiteral } from '../../../../test/support/tree-literal.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { ways } from '../support/trees.js'

const temporary = useTemporaryDirectory()

function at(path: string): string {
  return join(temporary.path, path)
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

function messageOf(call: () => void): string {
  try {
    call()
    return 'none'
  } catch (error) {
    return (error as Error).message
  }
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

  it('a replica is made private, and only if it is not there', () => {
    const made = makeReplicaRoot(at('new'), way)
    expect(made?.entry).toMatchObject({ kind: 'directory', mode: 0o700 })
    made?.close()
    expect(makeReplicaRoot(at('new'), way)).toBeUndefined()
    const failed = refusal(() => makeReplicaRoot(at('none/new'), way))
    expect(failed).toMatchObject({ code: 'storage-failed', exitCode: 11 })
    expect(failed.message).toMatch(/^cannot make the replica ".*": it is not there \(ENOENT\)$/)
  })

  it.each<[what: string, now: TreeLiteral | undefined, refused: boolean]>([
    ['is the one it was', undefined, false],
    ['is the one it was, through a link', { r: symlink('moved') }, false],
    ['was removed', {}, true],
    ['was made anew', { r: {} }, true],
    ['leads elsewhere', { r: symlink('s') }, true],
    ['is a file by now', { r: '' }, true],
  ])('a root %s', (_, now, refused) => {
    writeTree(temporary.path, { s: {}, r: {} })
    const root = openRoot('replica', at('r'), way)
    if (now !== undefined) {
      renameSync(at('r'), at('moved'))
      writeTree(temporary.path, now)
    }
    const message = refused
      ? /^replica ".*" is no longer the directory it was when the run began: nothing was changed$/
      : /^none$/
    expect(messageOf(() => requireSameRoot(root, at('r')))).toMatch(message)
    root.close()
  })

  it.each(['r', 'new'])('there must be room in %s', replica => {
    writeTree(temporary.path, { s: {}, r: {} })
    const roots = open('s', replica)
    requireSpace(roots, 0)
    requireSpace(roots, 1)
    const error = refusal(() => requireSpace(roots, Number.MAX_SAFE_INTEGER))
    expect(error).toMatchObject({ code: 'storage-failed', exitCode: 11 })
    expect(error.message).toMatch(
      /needs 9007199254740991 bytes more, .* has \d+ bytes free: nothing was changed$/,
    )
    roots.close()
  })

  describe('files the caller writes', () => {
    const files: TreeLiteral = {
      r: { log: '', d: { log: '' } },
      logs: { log: '' },
      into: symlink('r/log'),
      out: symlink('logs/log'),
    }
    function identify(file: string): readonly string[] {
      writeTree(temporary.path, files)
      symlinkSync('../logs/log', at('r/leaving'))
      symlinkSync('r', at('linked'))
      const replica = openRoot('replica', at('r'), way)
      try {
        return identifyOwnFiles([at(file)], replica)
      } finally {
        replica.close()
      }
    }

    it.each(['r/log', 'r/d/log', 'r/new', 'linked/d/log', 'logs/../r/log', 'into'])(
      'inside the replica are refused: %s',
      file => {
        const error = refusal(() => identify(file))
        expect(error).toMatchObject({ code: 'root-refused', exitCode: 26 })
        expect(error.message).toContain(
          'lies inside the replica, where it would be deleted: put it elsewhere',
        )
      },
    )

    it.each(['logs/log', 'out'])('elsewhere are known by device and inode: %s', file => {
      const found = identify(file)
      const { dev, ino } = lstatSync(at('logs/log'), { bigint: true })
      expect(found).toEqual([`${dev}:${ino}`])
    })

    it('that are not there yet are nothing to know', () => {
      expect(identify('logs/new')).toEqual([])
      expect(identifyOwnFiles([], undefined)).toEqual([])
    })

    it('in a folder that is not there are refused', () => {
      const error = refusal(() => identify('none/log'))
      expect(error).toMatchObject({ code: 'root-refused', exitCode: 26 })
    })
  })
})

function wayOf(held: 'auto' | HeldWay, native = true): string {
  writeTree(temporary.path, { s: {}, r: {} })
  const roots = openRoots({
    source: at('s'),
    replica: at('r'),
    held,
    native,
    oneFileSystem: false,
    allowSystemReplica: false,
  })
  roots.close()
  return roots.source.spec.way
}

describe('the way', () => {
  const { platform } = process
  afterEach(() => {
    Object.defineProperty(process, 'platform', { value: platform })
  })

  it('is the best there is, unless one is asked for', () => {
    expect([wayOf('auto'), wayOf('auto', false), wayOf('paths')]).toEqual([...ways.slice(0, 2), 'paths'])
  })

  it('E01: is by paths where there is no /proc, and proc cannot be had there', () => {
    Object.defineProperty(process, 'platform', { value: 'freebsd' })
    expect([wayOf('auto'), wayOf('paths')]).toEqual(['paths', 'paths'])
    for (const way of ['libc', 'proc'] as const) {
      expect(refusal(() => wayOf(way))).toMatchObject({
        code: 'invalid-options',
        exitCode: 2,
        message: expect.stringContaining(`"${way}" needs Linux with /proc mounted`) as string,
      })
    }
  })
})

it('roots that met in the walk are refused', () => {
  refuseNested(undefined)
  expect(refusal(() => refuseNested('a/b\n'))).toMatchObject({ code: 'root-refused', exitCode: 26 })
  expect(refusal(() => refuseNested('a/b\n')).message).toContain('in "a/b\\n"')
  expect(refusal(() => refuseNested('')).message).toContain('in "."')
})
