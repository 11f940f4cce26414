import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isHashName, loadHash } from '../../src/hash/hasher.js'

async function digest(name: string, ...chunks: readonly (string | Uint8Array)[]): Promise<string> {
  const hash = (await loadHash(name))()
  for (const chunk of chunks) hash.update(Buffer.from(chunk))
  return hash.digest()
}

/** Published for the algorithm, with seed 0; the rest by its reference program. */
const xxh64: readonly [text: string, digest: string][] = [
  ['', 'ef46db3751d8e999'],
  ['a', 'd24ec4f1a98c6e5b'],
  ['abc', '44bc2cf5ad770999'],
  ['message digest', '066ed728fceeb3be'],
  ['abcdefghijklmnopqrstuvwxyz', 'cfe1f278fa89835c'],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 'aaa46907d3047814'],
  ['12345678901234567890123456789012345678901234567890123456789012345678901234567890', 'e04a477f19ee145d'],
]

const sha256: readonly [text: string, digest: string][] = [
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
]

describe('known digests', () => {
  it.each(xxh64)('xxh64 of %j', async (text, expected) => {
    expect(await digest('xxh64', text)).toBe(expected)
  })

  it.each(sha256)('sha256 of %j', async (text, expected) => {
    expect(await digest('sha256', text)).toBe(expected)
  })

  it('xxh64 always has sixteen digits', async () => {
    const make = await loadHash('xxh64')
    const digests = Array.from({ length: 2000 }, (_, index) => {
      const hash = make()
      hash.update(Buffer.from(String(index)))
      return hash.digest()
    })
    expect(digests.filter(each => !/^[0-9a-f]{16}$/.test(each))).toEqual([])
    expect(digests.some(each => each.startsWith('0'))).toBe(true)
    expect(new Set(digests).size).toBe(2000)
  })
})

describe.each(['xxh64', 'sha256', 'md5', 'sha512'])('%s', name => {
  it('does not care how the bytes are cut', async () => {
    const content = Buffer.alloc(3_000_001, 'some content ')
    const whole = await digest(name, content)
    for (const size of [1 << 20, 65_536, 999_983]) {
      const chunks: Buffer[] = []
      for (let at = 0; at < content.length; at += size) chunks.push(content.subarray(at, at + size))
      expect(await digest(name, ...chunks)).toBe(whole)
    }
    expect(await digest(name, '', content, '')).toBe(whole)
    // Another implementation of the same, where there is one.
    const expected = name === 'xxh64' ? whole : createHash(name).update(content).digest('hex')
    expect(whole).toBe(expected)
  })

  it('takes chunks that are overwritten afterwards', async () => {
    const hash = (await loadHash(name))()
    const chunk = Buffer.from('abc')
    hash.update(chunk)
    chunk.fill('x')
    expect(hash.digest()).toBe(await digest(name, 'abc'))
  })

  it('works on several files in turn', async () => {
    const make = await loadHash(name)
    const [one, other] = [make(), make()]
    one.update(Buffer.from('a'))
    other.update(Buffer.from('b'))
    one.update(Buffer.from('c'))
    expect([one.digest(), other.digest()]).toEqual([await digest(name, 'ac'), await digest(name, 'b')])
  })
})

it.each<[name: string, known: boolean]>([
  ['xxh64', true],
  ['sha256', true],
  ['md5', true],
  ['sha3-256', true],
  ['XXH64', false],
  ['xxh3', false],
  ['sha', false],
  ['', false],
  ['__proto__', false],
])('%j is a hash: %s', (name, known) => {
  expect(isHashName(name)).toBe(known)
})
