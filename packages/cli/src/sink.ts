import type { Renderer } from './render/renderer.js'

/** Where rendered text goes. */
export interface Sink {
  /** @returns a promise when the writer should wait before it writes more */
  write(text: string): Promise<void> | undefined
  /** Hands on what is buffered. */
  flush(): Promise<void> | undefined
}

/** A renderer and where its text goes. */
export interface Teller {
  readonly renderer: Renderer
  readonly sink: Sink
}

/** Has each teller tell something, in order. Most of the time nothing needs to be waited for. */
export function tell(
  tellers: readonly Teller[],
  render: (renderer: Renderer) => string,
): Promise<void> | undefined {
  let waiting: Promise<void> | undefined
  for (const { renderer, sink } of tellers) {
    const text = render(renderer)
    const wait = text === '' ? undefined : sink.write(text)
    if (wait !== undefined)
      waiting = waiting === undefined ? wait : Promise.all([waiting, wait]).then(() => {})
  }
  return waiting
}

/** Hands on what every teller has gathered. */
export async function flushAll(tellers: readonly Teller[]): Promise<void> {
  for (const wait of tellers.map(({ sink }) => sink.flush())) await wait
}
