/** What is said when a watch cannot be relied on, and what would help. */

/** Why something of the source is not watched. */
export interface NotWatched {
  readonly code: 'watches' | 'instances' | 'type' | 'other'
  /** Safe to show. */
  readonly shownPath: string
  readonly detail: string
}

export function whyDegraded({ code, shownPath, detail }: NotWatched): string {
  const polls = 'all is compared every few seconds instead'
  switch (code) {
    case 'watches':
      return `no more directories can be watched (ENOSPC): ${polls}; allow more with: sysctl fs.inotify.max_user_watches=1048576`
    case 'instances':
      return `this user cannot watch anything more (EMFILE): ${polls}; allow more with: sysctl fs.inotify.max_user_instances=1024`
    case 'type':
      return `"${shownPath}" lies on ${detail}, which does not tell of each change: ${polls}`
    case 'other':
      return `"${shownPath}" cannot be watched (${detail}): ${polls}`
  }
}
