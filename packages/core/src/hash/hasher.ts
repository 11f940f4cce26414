/** The hashes that come with the library, computed where the bytes are read. */
import { isNodeHash, nodeHash } from './node-crypto.js'
import type { HashFactory } from './running-hash.js'

/** Whether a hash of this name can be had. */
export function isHashName(name: string): boolean {
  return name === 'xxh64' || isNodeHash(name)
}

/** Gets a hash ready; xxh64 is WebAssembly, which is compiled first. */
export async function loadHash(name: string): Promise<HashFactory> {
  if (name !== 'xxh64') return () => nodeHash(name)
  const { loadXxh64 } = await import('./xxh64.js')
  return loadXxh64()
}
