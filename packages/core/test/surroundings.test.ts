import { afterEach, expect, it, vi } from 'vitest'
import { defaultStateFolder, requireSurroundings } from '../src/surroundings.js'

afterEach(() => {
  vi.restoreAllMocks()
  Reflect.deleteProperty(process, 'permission')
})

it("E05: does not run under Node's permission model", () => {
  expect(() => requireSurroundings()).not.toThrow()
  Object.defineProperty(process, 'permission', { configurable: true, value: { has: () => true } })
  expect(() => requireSurroundings()).toThrow('start node without --permission')
})

it('needs a working directory', () => {
  vi.spyOn(process, 'cwd').mockImplementation(() => {
    throw new Error('gone')
  })
  expect(() => requireSurroundings()).toThrow('working directory of this process no longer exists')
})

it('has a place for what is remembered', () => {
  expect(defaultStateFolder()).toMatch(/facsimile$/)
})
