import type { Buffer } from 'node:buffer'
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'

/** What file systems allocate at once. */
const block = 4096

/** Writes a new file, without the blocks of it that are nothing but zeros. */
export function writeSparse(path: Buffer, content: Buffer): void {
  const fd = openSync(path, 'wx')
  try {
    for (let at = 0; at < content.length; at += block) {
      const part = content.subarray(at, at + block)
      if (part.some(byte => byte !== 0)) writeSync(fd, part, 0, part.length, at)
    }
    ftruncateSync(fd, content.length)
  } finally {
    closeSync(fd)
  }
}
