/** Cases of one kind: each has an id that never changes, and what must happen. */
export type Group = {
  readonly letter: string
  readonly title: string
  readonly cases: Readonly<Record<string, string>>
}
