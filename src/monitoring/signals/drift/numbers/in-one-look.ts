/**
 * What each of several things is kept as; those that are not are computed together, once it is known of all of them
 * whether they are. `keep` gives what is kept, or calls for what is to be, at most once.
 */
export async function inOneLook<T, V, K>(
  things: readonly T[],
  keep: (thing: T, compute: () => Promise<V>) => Promise<K>,
  computeAll: (things: readonly T[]) => Promise<readonly V[]>,
): Promise<readonly K[]> {
  const missing: { readonly thing: T; readonly found: PromiseWithResolvers<V> }[] = []
  let open = things.length
  const told = () => {
    if (--open > 0 || missing.length === 0) return
    computeAll(missing.map(({ thing }) => thing)).then(
      (values) => {
        for (const [i, { found }] of missing.entries()) found.resolve(values[i] as V)
      },
      (error: unknown) => {
        for (const { found } of missing) found.reject(error)
      },
    )
  }
  return Promise.all(
    things.map(async (thing) => {
      let isMissing = false
      try {
        return await keep(thing, () => {
          isMissing = true
          const found = Promise.withResolvers<V>()
          missing.push({ thing, found })
          told()
          return found.promise
        })
      } finally {
        // Kept, or failed before anything was to be computed.
        if (!isMissing) told()
      }
    }),
  )
}
