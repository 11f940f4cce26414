import { Buffer } from 'node:buffer'
import { closeSync, constants, openSync, readSync } from 'node:fs'

const chunk = 256 * 1024
const sourceBytes = Buffer.alloc(chunk)
const replicaBytes = Buffer.alloc(chunk)
const onlyRead = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

export type FirstDifference = { readonly at: number; readonly source: string; readonly replica: string }

/** The first byte in which two regular files differ. */
export function compareFiles(source: Buffer, replica: Buffer): FirstDifference | undefined {
  const sourceFd = openSync(source, onlyRead)
  try {
    const replicaFd = openSync(replica, onlyRead)
    try {
      return firstDifference(sourceFd, replicaFd)
    } finally {
      closeSync(replicaFd)
    }
  } finally {
    closeSync(sourceFd)
  }
}

function firstDifference(sourceFd: number, replicaFd: number): FirstDifference | undefined {
  for (let position = 0; ; ) {
    const read = fill(sourceFd, sourceBytes, position)
    const readToo = fill(replicaFd, replicaBytes, position)
    const source = sourceBytes.subarray(0, read)
    const replica = replicaBytes.subarray(0, readToo)
    if (!source.equals(replica)) {
      let at = 0
      while (at < read && source[at] === replica[at]) at += 1
      return { at: position + at, source: showByte(source[at]), replica: showByte(replica[at]) }
    }
    if (read < chunk) return undefined
    position += read
  }
}

function fill(fd: number, into: Buffer, position: number): number {
  let filled = 0
  while (filled < chunk) {
    const read = readSync(fd, into, filled, chunk - filled, position + filled)
    if (read === 0) break
    filled += read
  }
  return filled
}

function showByte(byte: number | undefined): string {
  return byte === undefined ? 'end of file' : `0x${byte.toString(16).padStart(2, '0')}`
}
