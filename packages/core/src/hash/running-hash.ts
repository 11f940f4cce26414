/** The digest of one file in the making. */
export interface RunningHash {
  /** The chunk may be overwritten after the call. */
  update(chunk: Uint8Array): void
  /** In hexadecimal. */
  digest(): string
}

/** Begins the digest of one file. */
export type HashFactory = () => RunningHash
