import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { removeTree } from './remove-tree.js'

export type TemporaryDirectory = {
  readonly path: string
  /** Removes it with all in it; a second time does nothing. */
  readonly [Symbol.dispose]: () => void
}

/**
 * A new directory of its own, for `using` or `dispose`. Other users may look into it, so that a test can run a
 * program as one of them. FACSIMILE_TEST_ROOT says where, to test on another file system, unless `base` does.
 */
export function temporaryDirectory(
  base: string = process.env['FACSIMILE_TEST_ROOT'] ?? tmpdir(),
): TemporaryDirectory {
  mkdirSync(base, { recursive: true })
  const path = mkdtempSync(join(realpathSync(base), 'facsimile-'))
  openToOthers(path)
  return {
    path,
    [Symbol.dispose]: () => {
      if (existsSync(path)) removeTree(path)
    },
  }
}

/** Where the file system has modes. */
export function openToOthers(path: string): void {
  try {
    chmodSync(path, 0o755)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSYS') throw error
  }
}

/**
 * A new directory for each test of the file or the `describe`: read `path` inside a test. On a file system of its
 * own where `mounted` is given.
 */
export function useTemporaryDirectory(mounted?: { readonly path: string }): { readonly path: string } {
  let current: TemporaryDirectory | undefined
  beforeEach(() => {
    current = temporaryDirectory(mounted?.path)
  })
  afterEach(() => {
    current?.[Symbol.dispose]()
    current = undefined
  })
  return {
    get path(): string {
      if (current === undefined) throw new Error('there is a temporary directory inside a test only')
      return current.path
    },
  }
}
