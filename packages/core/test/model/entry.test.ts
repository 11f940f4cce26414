import { expect, it } from 'vitest'
import { isSameInode, isSpecial, kinds } from '../../src/model/entry.js'

it('one inode is one device and one number', () => {
  const one = { device: 1n, inode: 2n }
  expect(isSameInode(one, { ...one })).toBe(true)
  expect(isSameInode(one, { ...one, device: 2n })).toBe(false)
  expect(isSameInode(one, { ...one, inode: 1n })).toBe(false)
  expect(isSameInode(one, { device: 2n, inode: 1n })).toBe(false)
})

it('what is never opened is what is no file, directory or link', () => {
  expect(kinds.filter(isSpecial)).toEqual(['fifo', 'socket', 'characterDevice', 'blockDevice'])
})
