import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { useRecording } from './ground.js'
import { openTree, systemError, withOperations } from '../support/trees.js'

const ground = useRecording()
const kept = (): readonly string[] =>
  existsSync(join(ground.run, 'kept-0')) ? readdirSync(join(ground.run, 'kept-0')) : []

function replacing(errno: string | undefined, rename?: string): void {
  using opened = openTree(ground.replica)
  const { tree } = opened
  const faulty = withOperations(tree, {
    link: (from, name, to, newName) => {
      if (errno !== undefined) throw systemError(errno)
      tree.link(from, name, to, newName)
    },
    rename: (from, name, to, newName) => {
      // What is told of is kept by then, and has its name still.
      expect(readFileSync(join(ground.replica, 'f'), 'utf8')).toBe('old')
      expect(kept()).not.toEqual([])
      if (rename !== undefined) throw systemError(rename)
      tree.rename(from, name, to, newName)
    },
  })
  ground.record(({ put }) => put('f', 'new'), { replica: faulty })
}

describe('keepAround', () => {
  it('links what loses its name, told before', () => {
    ground.write({ f: 'old' })
    const { ino } = statSync(join(ground.replica, 'f'))
    replacing(undefined)
    expect(statSync(join(ground.run, 'kept-0/1')).ino).toBe(ino)
    expect(ground.told().filter(({ op }) => op === 'put')).toMatchObject([
      { path: 'f', isSure: true, kept: { at: 'kept-0/1', isCopy: false, was: { links: 1 } } },
    ])
  })

  it.each(['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP'])('copies it where a link is refused: %s', errno => {
    const before = ground.write({ f: 'old' })
    replacing(errno)
    expect(ground.told().filter(({ op }) => op === 'put')).toMatchObject([{ kept: { isCopy: true } }])
    ground.undo()
    expect(ground.now()).toEqual(before)
  })

  it.each(['ENOSPC', 'EIO', 'EROFS'])('leaves it alone where it cannot be kept: %s', errno => {
    ground.write({ f: 'old' })
    expect(() => replacing(errno)).toThrow('it cannot be kept in the backup folder')
    expect(readFileSync(join(ground.replica, 'f'), 'utf8')).toBe('old')
    expect(ground.told().filter(({ op }) => op === 'put')).toEqual([])
  })

  it.each([undefined, 'EXDEV'])(
    'keeps nothing of what keeps its name (link: %s), and notes its time',
    errno => {
      ground.write({ f: 'old' })
      expect(() => replacing(errno, 'EACCES')).toThrow('EACCES')
      expect(kept()).toEqual([])
      expect(ground.told().filter(({ op }) => op === 'put')).toEqual([])
      const { ctimeNs } = statSync(join(ground.replica, 'f'), { bigint: true })
      expect(ground.told().findLast(record => record.op === 'now' && record.path === 'f')).toMatchObject({
        now: { ctime: String(ctimeNs) },
      })
    },
  )
})
