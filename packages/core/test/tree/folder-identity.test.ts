import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import type { SourceSeen } from '../../src/model/source-seen.js'
import { compareIdentities, type FolderIdentity, identifyFolder } from '../../src/tree/folder-identity.js'
import { openRoot } from '../../src/tree/local.js'
import { chooseWay } from '../../src/tree/open-tree.js'

const temporary = useTemporaryDirectory()

function identify(path: string): FolderIdentity {
  const root = openRoot('source', path, chooseWay({ held: 'auto', native: true }))
  try {
    return identifyFolder(root, path)
  } finally {
    root.close()
  }
}

const disk: FolderIdentity = {
  type: 'ext4',
  uuid: 'one',
  place: '/dev/sda1',
  run: '',
  mounted: '',
  inode: '2',
  bornNs: '50',
}
const server: FolderIdentity = { ...disk, type: 'nfs4', uuid: '', place: 'server:/export' }
const memory: FolderIdentity = {
  ...disk,
  type: 'tmpfs',
  uuid: '',
  place: '/tmp',
  run: 'boot ns',
  mounted: '42 7',
}

describe('R03: a folder found again', () => {
  type Case = readonly [what: string, before: FolderIdentity, now: Partial<FolderIdentity>, seen: SourceSeen]
  it.each<Case>([
    ['on a disk with another name', disk, { place: '/dev/sdb1' }, 'as before'],
    ['on another disk of the same name', disk, { uuid: 'two' }, 'another file system'],
    ['on a disk that is not asked this time', disk, { uuid: '' }, 'as before'],
    [
      'on a disk that is not asked this time, of another name',
      disk,
      { uuid: '', place: 'x' },
      'another file system',
    ],
    ['under a mount point', disk, { type: 'btrfs' }, 'another file system'],
    ['on the same export', server, {}, 'as before'],
    ['on another export', server, { place: 'server:/other' }, 'another file system'],
    ['on a tmpfs after a restart', memory, { run: 'next ns', mounted: '43 9' }, 'as before'],
    ['on another tmpfs of the same device', memory, { mounted: '42 8' }, 'another file system'],
    ['on a tmpfs mounted elsewhere', memory, { place: '/dev/shm' }, 'another file system'],
    ['with the same inode, born since', disk, { bornNs: '101' }, 'made anew'],
    ['with the same inode, born before', disk, { bornNs: '40' }, 'another folder'],
    ['with the same inode, born nobody knows when', disk, { bornNs: '0' }, 'as before'],
    ['with another inode, born since', disk, { inode: '3', bornNs: '101' }, 'made anew'],
    ['with another inode, born before', disk, { inode: '3', bornNs: '99' }, 'another folder'],
    ['with another inode, born nobody knows when', disk, { inode: '3', bornNs: '0' }, 'another folder'],
  ])('%s', (_, before, now, seen) => {
    expect(compareIdentities(before, { ...before, ...now }, 100n)).toBe(seen)
  })

  it('is what it was under another name, and not what takes its place', () => {
    const [path, moved] = [join(temporary.path, 'folder'), join(temporary.path, 'moved')]
    mkdirSync(path)
    const before = identify(path)
    renameSync(path, moved)
    mkdirSync(path)
    expect(compareIdentities(before, identify(moved), 0n)).toBe('as before')
    expect(compareIdentities(before, identify(path), 0n)).toBe('made anew')
    rmSync(moved, { recursive: true })
  })
})
