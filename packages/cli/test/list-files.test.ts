import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../test/support/temp.js'
import { bytesOfList, pathsIn, rulesFrom } from '../src/list-files.js'

const temporary = useTemporaryDirectory()

function file(name: string, content: string | Uint8Array): string {
  const path = join(temporary.path, name)
  writeFileSync(path, content)
  return path
}

describe('files of rules', () => {
  it('have one a line, with comments and empty lines, and follow each other', () => {
    const one = file('one', '\ufeff# first\n+ a b \r\n\n  \n- #x\n')
    const two = file('two', '- ü')
    expect(rulesFrom([one, two, one])).toEqual(['+ a b ', '- #x', '- ü', '+ a b ', '- #x'])
  })

  it.each<[what: string, content: string | Uint8Array, told: RegExp]>([
    ['no sign', '+ a\nb\n', /^takes a file of rules, and line 2 of '.*\/list' is none: .* and found 'b'$/],
    ['no pattern', '- ', /line 1 of/],
    ['no space', '-a', /line 1 of/],
    ['no UTF-8', Uint8Array.of(0x2d, 0x20, 0xff), /in UTF-8, and '.*' is not/],
  ])('are refused where a line has %s', (_, content, told) => {
    const list = file('list', content)
    expect(() => rulesFrom([list])).toThrow(told)
  })

  it('are refused where they cannot be read', () => {
    expect(() => rulesFrom([join(temporary.path, 'none')])).toThrow(
      /^cannot read '.*none': it does not exist$/,
    )
    expect(() => rulesFrom([temporary.path])).toThrow(/it is a folder/)
  })
})

describe('lists of paths', () => {
  it.each<[list: string, nul: boolean, paths: readonly string[]]>([
    ['', false, []],
    ['a\nb', false, ['a', 'b']],
    ['a\r\n\n b \n', false, ['a', ' b ']],
    ['a\nb\0c\r\0', false, ['a\nb', 'c\r']],
    ['a\nb', true, ['a\nb']],
    ['\r\n', false, []],
    // What Windows puts before a text is no part of a name. Before names that are ended by NUL nothing puts it.
    ['\ufeffa\r\n\ufeffb', false, ['a', '\ufeffb']],
    ['\ufeffa\0', false, ['\ufeffa']],
    ['\ufeff', false, []],
  ])('%j', (list, nul, paths) => {
    expect(pathsIn(Buffer.from(list), nul).map(path => Buffer.from(path).toString())).toEqual(paths)
  })

  it('keep bytes that are no UTF-8', () => {
    const [list = new Uint8Array()] = bytesOfList(file('list', Uint8Array.of(0xff, 10, 0x61)))
    expect(pathsIn(list, false).map(path => [...path])).toEqual([[0xff], [0x61]])
  })
})

describe.skipIf(process.platform === 'win32')('what has no end', () => {
  it('is refused, and not read for ever', () => {
    expect(() => bytesOfList('/dev/zero')).toThrow(/^cannot read '\/dev\/zero': .* 256 MiB/)
    expect(() => rulesFrom(['/dev/zero'])).toThrow(/^cannot read '\/dev\/zero': .* 16 MiB/)
  })
})
