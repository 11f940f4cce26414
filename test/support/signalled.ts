/** A promise that a test settles when something has come to pass. */
export interface Signalled {
  readonly promise: Promise<void>
  readonly settle: () => void
}

export function signalled(): Signalled {
  const settled: (() => void)[] = []
  const promise = new Promise<void>(resolve => {
    settled.push(resolve)
  })
  return { promise, settle: () => settled[0]?.() }
}
