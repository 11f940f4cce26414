import { afterEach, expect, it, vi } from 'vitest'
import { workingDirectory } from '../src/working-directory.js'

afterEach(() => void vi.restoreAllMocks())

it('is named, unless it is gone', () => {
  expect(workingDirectory()).toBe(process.cwd())
  vi.spyOn(process, 'cwd').mockImplementation(() => {
    throw new Error('ENOENT')
  })
  expect(workingDirectory()).toBeUndefined()
})
