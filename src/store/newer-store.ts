/** A store has a step that this Twinloop does not know: a newer one has used it. */
export class NewerStore extends Error {
  constructor(step: string, newestKnown: string) {
    super(
      `This home was used by a newer Twinloop: its store has the step ${step}, and this Twinloop knows those up to ${newestKnown}. ` +
        'Nothing was changed. Install at least the version that used it last, or use another home (--home, TWINLOOP_HOME).',
    )
    this.name = 'NewerStore'
  }
}
