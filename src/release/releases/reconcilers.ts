/** Name of the reconciler of releases, by which it is woken. */
export const releasesReconciler = 'release/releases'
