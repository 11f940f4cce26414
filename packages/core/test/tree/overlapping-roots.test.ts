import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { canMount, useMounts } from '../../../../test/support/mounts.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { overlapOf } from '../../src/tree/overlapping-roots.js'

const temporary = useTemporaryDirectory()
const mounts = useMounts()
const ways = process.platform === 'linux' ? (['proc', 'paths'] as const) : (['paths'] as const)

function at(path: string): string {
  return join(temporary.path, path)
}

function make(...paths: string[]): void {
  for (const path of paths) mkdirSync(at(path), { recursive: true })
}

describe.each(ways)('overlapOf (%s)', way => {
  function found(source: string, ...replicas: string[]): string | undefined {
    return overlapOf({
      source: at(source),
      replicas: replicas.map(at),
      backupDir: undefined,
      stateFolder: at('state'),
      way,
      entersMounts: true,
    })
  }

  it('allows folders side by side, also those that are still to be made', () => {
    make('source', 'a', 'ab')
    expect(found('source', 'a', 'ab', 'new', 'newer', 'new one')).toBeUndefined()
  })

  it('refuses one folder given twice, also by a link, and also one that is still to be made', () => {
    make('source', 'a', 'folder')
    symlinkSync('a', join(temporary.path, 'link'))
    symlinkSync('folder', join(temporary.path, 'by link'))
    expect(found('source', 'a', 'b', 'a')).toMatch(/a" and replica ".*a" are the same folder; nothing/)
    expect(found('source', 'a', 'link')).toMatch(/link" are the same folder/)
    expect(found('source', 'new', 'new')).toMatch(/are the same folder/)
    expect(found('source', 'folder/new', 'by link/new')).toMatch(/are the same folder/)
  })

  it('refuses one folder inside another, whichever comes first', () => {
    make('source', 'a/b/c')
    symlinkSync('a/b', join(temporary.path, 'link'))
    expect(found('source', 'a', 'a/b/c')).toMatch(/the second lies inside the first/)
    expect(found('source', 'a/b/c', 'a')).toMatch(/the first lies inside the second/)
    expect(found('source', 'a', 'link/new')).toMatch(/the second lies inside the first/)
    expect(found('source', 'new', 'new/deeper')).toMatch(/the second lies inside the first/)
    expect(found('source', 'new/deeper', 'new')).toMatch(/the first lies inside the second/)
  })

  it('refuses the source inside a replica, and a replica inside the source', () => {
    make('a/source', 'source', 'b')
    expect(found('a/source', 'b', 'a')).toMatch(/source ".*" and replica ".*": the first lies inside/)
    expect(found('source', 'b', 'source/new')).toMatch(/source ".*" and replica ".*": the second lies inside/)
  })

  it('leaves to each run what cannot be entered', () => {
    make('source')
    writeFileSync(join(temporary.path, 'file'), '')
    expect(found('source', 'file', 'b', 'no/such/parent')).toBeUndefined()
    expect(found('no source', 'a', 'b')).toBeUndefined()
  })

  it.skipIf(!canMount)('sees through bind mounts (needs root)', () => {
    make('source', 'a/below', 'b')
    mounts.bind(join(temporary.path, 'a/below'), join(temporary.path, 'b'))
    expect(found('source', 'a', 'b')).toMatch(/through what is mounted at/)
  })
})
