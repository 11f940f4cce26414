import { describe, expect, it } from 'vitest'
import { applyOptionsFrom, heldOptionsOf, optionsOfHeld } from '../src/held-options.js'
import { optionNames } from '../src/settings-from.js'

const roots = { source: 's', replica: 'r' }
const held = (options: object): object => heldOptionsOf({ ...roots, ...options }, optionNames)

describe('the options of a plan', () => {
  it('are those that decide what is done', () => {
    const decided = { exclude: ['*.log'], delete: false, preserve: { owner: false }, maxDelete: '5%' }
    const others = { wait: false, concurrency: 2, signal: undefined, reject: false, on: {}, stateFolder: 'x' }
    expect(held({ ...decided, ...others })).toEqual(decided)
  })

  it('come back from text as they were', () => {
    const newer = new Date('2026-01-31T12:00:00Z')
    const text = JSON.stringify(held({ newer, minSize: 3 }))
    expect(optionsOfHeld(JSON.parse(text))).toEqual({ newer, minSize: 3 })
  })

  it('have the listed paths as text, also those that were given as bytes', () => {
    const files = ['a', Buffer.from('b/ö'), Uint8Array.of(0x63, 0xff)]
    const text = JSON.stringify(held({ files }))
    expect(optionsOfHeld(JSON.parse(text))).toEqual({ files: ['a', 'b/ö', 'c\udcff'] })
  })

  it.each([
    ['filter', { filter: () => true }],
    ['compare', { compare: () => true }],
    ['hasher', { hasher: { name: 'x', create: () => undefined } }],
  ])('are no functions: %s', (name, options) => {
    expect(() => held(options)).toThrow(`option "${name}" is a function, which cannot be held with a plan`)
  })

  it.each(['on', 'signal', 'source', 'stateFolder', 'ownFiles'])('are refused in a text: %s', name => {
    expect(() => optionsOfHeld({ [name]: 'x' })).toThrow(`option "${name}" is none of a plan's`)
  })

  it('are not given again when it is applied', () => {
    expect(applyOptionsFrom({ wait: true })).toEqual({ wait: true })
    expect(() => applyOptionsFrom({ delete: false } as object)).toThrow(
      'option "delete" is not one for a plan',
    )
    expect(() => applyOptionsFrom(null as never)).toThrow('option "options": expected an object; found null')
  })
})
