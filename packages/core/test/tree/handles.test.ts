import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import * as fs from 'node:fs'
import { OpenHandle, PathHandle } from '../../src/tree/handles.js'
import { errnoOf } from '../../src/model/errno.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { writeTree } from '../../../../test/support/write-tree.js'

const temporary = useTemporaryDirectory()

function isOpen(fd: number): boolean {
  try {
    fstatSync(fd)
    return true
  } catch (error) {
    if (errnoOf(error) === 'EBADF') return false
    throw error
  }
}

describe('an open handle', () => {
  it('is closed once, so that the number’s next owner is left alone', () => {
    const fd = openSync(temporary.path, 'r')
    const handle = new OpenHandle(fd, '')
    handle.close()
    const next = openSync(temporary.path, 'r')
    expect(next).toBe(fd)
    handle.close()
    expect(isOpen(next)).toBe(true)
    closeSync(next)
  })

  it('that is shared is closed by nobody but its owner', () => {
    const fd = openSync(temporary.path, 'r')
    new OpenHandle(fd, '', true).close()
    expect(isOpen(fd)).toBe(true)
    closeSync(fd)
  })

  it('is not closed a second time when closing failed', () => {
    const fd = openSync(temporary.path, 'r')
    const handle = new OpenHandle(fd, '')
    closeSync(fd)
    expect(() => handle.close()).toThrow('EBADF')
    expect(() => handle.close()).not.toThrow()
  })

  it('writes on from where a short write ended', () => {
    const path = join(temporary.path, 'f')
    // A file of at most so many bytes: the first write is cut short, the second fails.
    const fd = openSync('/dev/full', 'w')
    expect(() => new OpenHandle(fd, '').write(Buffer.alloc(10), 10)).toThrow('ENOSPC')
    closeSync(fd)
    const file = new OpenHandle(openSync(path, 'w+'), '')
    const content = Buffer.from('0123456789')
    for (const length of [0, 3, 7]) file.write(content, length)
    expect(readFileSync(path, 'utf8')).toBe('0120123456')
    file.close()
  })
})

describe('a handle by path', () => {
  it('is what was there when it was made, or nothing', () => {
    writeTree(temporary.path, { f: 'x' })
    const handle = new PathHandle(join(temporary.path, 'f'), 'at')
    expect([handle.at, handle.stat().size]).toEqual(['at', 1])
    handle.close()
    expect(() => new PathHandle(join(temporary.path, 'none'), '')).toThrow('ENOENT')
    fs.rmSync(join(temporary.path, 'f'))
    expect(() => handle.setMode(0o700)).toThrow('ENOENT')
    vi.restoreAllMocks()
  })
})
