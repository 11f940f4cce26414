/** What the source is, compared with what it was when it was last mirrored well. */
export type SourceSeen =
  /** As it was, or nobody knows what it was. */
  | 'as before'
  /** Another folder of the same file system. */
  | 'made anew'
  /** The same, and it was there already when the remembered one was mirrored. */
  | 'another folder'
  | 'another file system'
