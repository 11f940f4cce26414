/** The options that a caller gave, read once each, as an object that has nothing else. */

/**
 * An object of any class may hold them, its prototypes too, but the prototype of all objects is nobody's: what some
 * other code planted there is no option, least of all one that deletes.
 */
export function givenOptions<T extends object>(options: T, names: Iterable<string>): Partial<T> {
  const given: Partial<T> = Object.create(null)
  for (const name of names) if (isGiven(options, name)) Reflect.set(given, name, Reflect.get(options, name))
  return given
}

function isGiven(options: object, name: string): boolean {
  for (
    let at: object | null = options;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    if (Object.hasOwn(at, name)) return true
  }
  return false
}
