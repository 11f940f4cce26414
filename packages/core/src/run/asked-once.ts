/** A function of the caller that several runs ask about the same entries, so that it is asked once. */

/** An entry, and where it is. */
interface Asked {
  readonly path: string
  readonly device: bigint
  readonly inode: bigint
  readonly mtimeNs: bigint
  readonly ctimeNs: bigint
}

/** Answers that are kept for who is still to ask; the first are given up first, and then it is asked again. */
const mostKept = 100_000

/** @param times how many runs there are: what all of them were told is kept no longer */
export function askedOnce<T extends Asked, A>(ask: (entry: T) => A, times: number): (entry: T) => A {
  const kept = new Map<string, { readonly answer: A; left: number }>()
  return entry => {
    const { path, device, inode, mtimeNs, ctimeNs } = entry
    const key = `${device}:${inode}:${mtimeNs}:${ctimeNs}:${path}`
    const known = kept.get(key)
    if (known !== undefined) {
      known.left -= 1
      if (known.left === 0) kept.delete(key)
      return known.answer
    }
    const answer = ask(entry)
    if (times > 1) kept.set(key, { answer, left: times - 1 })
    const [oldest] = kept.size > mostKept ? kept.keys() : []
    if (oldest !== undefined) kept.delete(oldest)
    return answer
  }
}
