import { expect, it } from 'vitest'
import { OwnNames } from '../../src/backup/own-names.js'
import { name } from '../support/trees.js'

it('knows its staging directory, all in it, and what it was told of, and nothing that is only alike', () => {
  const own = new OwnNames(name('.facsimile-1'))
  own.add('d/temporary')
  for (const path of ['.facsimile-1', '.facsimile-1/0/7', 'd/temporary']) expect(own.has(path)).toBe(true)
  for (const path of [
    '',
    'd',
    '.facsimile-10',
    '.facsimile-1x/0',
    'temporary',
    'd/temporary2',
    'x/.facsimile-1',
  ])
    expect(own.has(path)).toBe(false)
})

it('owns nothing without staging', () => {
  expect(new OwnNames(undefined).has('')).toBe(false)
})

it('finds where a temporary second name lies in the replica, until it is another', () => {
  const own = new OwnNames(name('.facsimile-1'))
  own.isAlso('.facsimile-1/0/7', 'f')
  expect(own.placeOf('.facsimile-1/0/7')).toBe('f')
  own.isAlso('.facsimile-1/0/7', undefined)
  expect(own.placeOf('.facsimile-1/0/7')).toBeUndefined()
  expect([own.placeOf('g'), own.placeOf(undefined)]).toEqual(['g', undefined])
})
