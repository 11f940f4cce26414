import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { abilitiesByKind, fullAbilities } from '../../src/tree/abilities.js'
import { recallAbilities, rememberAbilities } from '../../src/tree/remembered-abilities.js'

const temporary = useTemporaryDirectory()
const asked = { path: '/mnt/r\udcff', about: 'vfat' }
const fat = abilitiesByKind(0x4d44)

function fileOf(folder: string): string {
  const [name = ''] = readdirSync(join(folder, 'abilities'))
  return join(folder, 'abilities', name)
}

describe('what was found', () => {
  it.each([fullAbilities, fat])('is remembered (%#)', abilities => {
    const folder = join(temporary.path, 'state', 'deep')
    rememberAbilities(folder, asked, abilities)
    const found = recallAbilities(folder, asked)
    expect(found?.abilities).toEqual(abilities)
    expect(found?.ageMs).toBeLessThan(60_000)
  })

  it('is of one replica, asked in one way', () => {
    rememberAbilities(temporary.path, asked, fat)
    expect(recallAbilities(temporary.path, { ...asked, about: 'ext4' })).toBeUndefined()
    expect(recallAbilities(temporary.path, { ...asked, path: '/mnt/other' })).toBeUndefined()
  })

  it('is the latest', () => {
    for (const abilities of [fullAbilities, fat]) rememberAbilities(temporary.path, asked, abilities)
    expect(recallAbilities(temporary.path, asked)?.abilities).toEqual(fat)
    expect(readdirSync(join(temporary.path, 'abilities'))).toHaveLength(1)
  })

  it('is nothing where there is no place for it', () => {
    const file = join(temporary.path, 'file')
    writeFileSync(file, '')
    rememberAbilities(file, asked, fat)
    expect(recallAbilities(file, asked)).toBeUndefined()
  })

  it.each<[what: string, change: (text: string) => string]>([
    ['cut off', text => text.slice(0, 40)],
    ['of another format', text => text.replace('abilities-1', 'abilities-2')],
    ['without an ability', text => text.replace('"owners":false,', '')],
    ['with an ability of another sort', text => text.replace('"owners":false', '"owners":"no"')],
    ['with a number that is none', text => text.replace('"timeStepNs":"2000000000"', '"timeStepNs":"2 s"')],
    ['no object', () => '[]'],
    ['nothing', () => 'null'],
    ['from the future', text => text.replace(/"at":\d+/, '"at":99999999999999')],
    ['of no time', text => text.replace(/"at":\d+/, '"at":"never"')],
    ['with a flipped bit', text => text.replace('{', 'z')],
  ])('K05, K06: is nothing when the file is %s', (_, change) => {
    rememberAbilities(temporary.path, asked, fat)
    const file = fileOf(temporary.path)
    const before = readFileSync(file, 'utf8')
    expect(change(before)).not.toBe(before)
    writeFileSync(file, change(before))
    expect(recallAbilities(temporary.path, asked)).toBeUndefined()
  })
})
