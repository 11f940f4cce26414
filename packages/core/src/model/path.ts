/**
 * Names and relative paths as plain strings.
 *
 * A {@link Name} is one component. Valid UTF-8 stands for itself; each byte that is not part of valid UTF-8
 * stands as one lone surrogate U+DC80..U+DCFF, so every byte sequence has exactly one string and back.
 * Only `tree/names.ts` converts between names and bytes.
 */
declare const nameBrand: unique symbol

/** One path component: never empty, never `.` or `..`, without `/` and NUL. */
export type Name = string & { readonly [nameBrand]: true }

/** Names joined by `/`; the empty string is the root itself. */
export type RelativePath = string

/** The path of `name` beneath `parent`. */
export function joinPath(parent: RelativePath, name: Name): RelativePath {
  return parent === '' ? name : `${parent}/${name}`
}

/** The names of a path, outermost first; none for the root. */
export function splitPath(path: RelativePath): readonly Name[] {
  return path === '' ? [] : (path.split('/') as Name[])
}

/** The last name of a path. */
export function baseName(path: RelativePath): Name {
  return path.slice(path.lastIndexOf('/') + 1) as Name
}

/** The path of the directory that holds a path; the root holds itself. */
export function parentPath(path: RelativePath): RelativePath {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** Whether a path is, or lies below, a directory. */
export function isWithin(path: RelativePath, directory: RelativePath): boolean {
  const { length } = directory
  if (length === 0 || length === path.length) return length === 0 || path === directory
  // Comparing a slice costs a tenth of `startsWith`, and paths can be very long.
  return path[length] === '/' && path.slice(0, length) === directory
}
