/** What a thread and its master say to each other. */

/** To a thread: tasks to run in order, or to let go of everything and end. */
export type ToThread =
  | { readonly type: 'tasks'; readonly tasks: readonly SentTask[] }
  | { readonly type: 'close' }

export interface SentTask {
  readonly id: number
  readonly job: string
  readonly input: unknown
}

/** From a thread: it is ready; or results, in the order of the tasks. */
export type FromThread =
  | { readonly type: 'ready' }
  | { readonly type: 'results'; readonly results: readonly SentResult[] }

export type SentResult =
  | { readonly id: number; readonly ok: true; readonly output: unknown }
  | { readonly id: number; readonly ok: false; readonly error: unknown }

/** The buffers of the typed arrays directly in a message's parts: they are moved, not copied. */
export function buffersOf(parts: Iterable<unknown>): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = []
  for (const part of parts) {
    if (typeof part !== 'object' || part === null) continue
    for (const value of Object.values(part)) {
      if (ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer) buffers.push(value.buffer)
    }
  }
  return buffers
}
