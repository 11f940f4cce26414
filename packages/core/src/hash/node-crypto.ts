import { createHash, getHashes } from 'node:crypto'
import type { RunningHash } from './running-hash.js'

/** Whether `node:crypto` knows a hash of this name. */
export function isNodeHash(name: string): boolean {
  return getHashes().includes(name)
}

export function nodeHash(name: string): RunningHash {
  const hash = createHash(name)
  return {
    update: chunk => void hash.update(chunk),
    digest: () => hash.digest('hex'),
  }
}
