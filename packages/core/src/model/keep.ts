/** How many runs, or for how long, a backup keeps what they overwrote or deleted. */
export type Keep = { readonly runs: number } | { readonly forMs: number }
