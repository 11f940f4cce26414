import { afterEach, expect, it } from 'vitest'
import { givenOptions } from '../src/given-options.js'

const names = ['one', 'two', 'toString', '__proto__']

afterEach(() => {
  Reflect.deleteProperty(Object.prototype, 'two')
})

it('O04: what was planted in the prototype of all objects is not given', () => {
  Reflect.set(Object.prototype, 'two', 'planted')
  expect({ ...givenOptions({ one: 1 }, names) }).toEqual({ one: 1 })
  expect({ ...givenOptions({ two: 2 }, names) }).toEqual({ two: 2 })
})

it('an object of any class, and one made from another, gives what it has', () => {
  class Some {
    one = 1
    get two(): number {
      return 2
    }
  }
  expect({ ...givenOptions(new Some(), names) }).toEqual({ one: 1, two: 2 })
  expect({ ...givenOptions(Object.create({ one: 1 }), names) }).toEqual({ one: 1 })
  expect({ ...givenOptions(Object.assign(Object.create(null), { two: 2 }), names) }).toEqual({ two: 2 })
})

it('O04: has no prototype', () => {
  expect(Object.getPrototypeOf(givenOptions({}, names))).toBeNull()
})

it('reads each option once', () => {
  let reads = 0
  const options = {
    get one() {
      return ++reads
    },
  }
  expect(givenOptions(options, names).one).toBe(1)
  expect(reads).toBe(1)
})
