import * as fs from 'node:fs'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useTemporaryDirectory } from '../../../test/support/temp.js'
import { refuseGarbledArguments, refuseGarbledDirectory } from '../src/garbled-names.js'

describe('arguments', () => {
  it('may hold any letter of Unicode but the one that stands for what is none', () => {
    expect(() => refuseGarbledArguments(['', 'ü', '日本', '\u{1f600}', '\ufffc'])).not.toThrow()
    expect(() => refuseGarbledArguments(['a', 'b\ufffdc'])).toThrow("the argument 'b\ufffdc' is not UTF-8")
  })
})

describe('the working directory', () => {
  const temporary = useTemporaryDirectory()
  const real = process.cwd()
  beforeEach(() => void vi.spyOn(process, 'cwd').mockReturnValue(path.join(temporary.path, 'x\ufffd')))
  afterEach(() => void vi.restoreAllMocks())

  it('is refused when its name leads to no folder, or to another one', () => {
    expect(() => refuseGarbledDirectory(['/a', 'b'])).toThrow('relative paths would lead elsewhere')
    fs.mkdirSync(process.cwd())
    expect(() => refuseGarbledDirectory(['/a', 'b'])).toThrow('relative paths would lead elsewhere')
  })

  it('is of no concern when no path is relative', () => {
    expect(() => refuseGarbledDirectory([path.resolve('/a'), path.resolve('/b')])).not.toThrow()
  })

  it('may have such a name indeed', () => {
    // The tests cannot change to a folder, so a link makes the name lead to where they are.
    fs.symlinkSync(real, process.cwd(), 'dir')
    expect(() => refuseGarbledDirectory(['a', 'b'])).not.toThrow()
  })

  it('may be gone, which is said elsewhere', () => {
    vi.spyOn(process, 'cwd').mockImplementation(() => {
      throw new Error('ENOENT')
    })
    expect(() => refuseGarbledDirectory(['a', 'b'])).not.toThrow()
  })
})
