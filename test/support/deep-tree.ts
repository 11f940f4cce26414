import { mkdirSync, writeFileSync } from 'node:fs'
import { type Bytes, bytesOfText } from './byte-names.js'
import { HeldDirectories, type Root } from './held-directories.js'

/** A chain of directories with names of 20 bytes, at its end one file: far longer than any path may be. */
export function makeDeepTree(root: Root, depth: number, content = 'deep'): void {
  mkdirSync(root, { recursive: true })
  const at = new HeldDirectories(root)
  try {
    for (let level = 1; level <= depth; level += 1) {
      const name = bytesOfText(`level-${level}-`.padEnd(20, '.'))
      mkdirSync(at.at(name))
      at.down(name)
    }
    writeFileSync(at.at('file' as Bytes), content)
  } finally {
    at.close()
  }
}
