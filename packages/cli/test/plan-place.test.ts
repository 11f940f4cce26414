import * as fs from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../test/support/temp.js'
import { requirePlanPlace } from '../src/plan-place.js'

const temporary = useTemporaryDirectory()
const at = (name: string): string => join(temporary.path, name)

it.each(['p.json', 'source.json', '..p/p.json', 'none/p.json'])('%s may be a plan', name => {
  fs.mkdirSync(at('source'))
  fs.mkdirSync(at('..p'))
  expect(() => requirePlanPlace(at(name), at('source'))).not.toThrow()
})

it.each(['source/p.json', 'source/d/p.json', 'link/p.json', 'source/..p'])('%s lies in the source', name => {
  fs.mkdirSync(at('source/d'), { recursive: true })
  fs.symlinkSync('source/d', at('link'))
  expect(() => requirePlanPlace(at(name), at('source'))).toThrow('it would lie in the source')
})

it('a plan may be replaced, and a link not, wherever it leads', () => {
  fs.mkdirSync(at('source'))
  fs.writeFileSync(at('old'), '')
  fs.symlinkSync('old', at('link'))
  fs.symlinkSync('none', at('dangling'))
  expect(() => requirePlanPlace(at('old'), at('source'))).not.toThrow()
  for (const name of ['link', 'dangling'])
    expect(() => requirePlanPlace(at(name), at('source'))).toThrow('it is a symbolic link')
  expect(() => requirePlanPlace('/dev/null', at('source'))).toThrow('it is no regular file')
})
