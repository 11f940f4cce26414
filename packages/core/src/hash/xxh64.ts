import xxhash from 'xxhash-wasm'
import type { HashFactory } from './running-hash.js'

const hexDigits = 16

/** Compiles xxHash64. Chunks should stay at or below 1 MiB: the memory they are copied to never shrinks. */
export async function loadXxh64(): Promise<HashFactory> {
  const api = await xxhash()
  return () => {
    const hash = api.create64()
    return {
      update: chunk => void hash.update(chunk),
      digest: () => hash.digest().toString(16).padStart(hexDigits, '0'),
    }
  }
}
