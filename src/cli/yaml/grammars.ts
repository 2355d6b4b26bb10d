import type { Grammars } from './source.ts'

/**
 * The server's own grammars, each loaded where a file has something of it: every gate, signal and action brings its
 * schema along, and only files that are about them pay for that.
 */
export const grammars: Grammars = {
  async releasePlan() {
    const { parsePlan } = await import('../../release/plan/grammar/parse.ts')
    return (words) => parsePlan(words).mistakes
  },
  async alertRule() {
    const { parseRule } = await import('../../alerts/rules/grammar/parse.ts')
    const { readActions } = await import('../../alerts/actions/planning/read.ts')
    return (words) => {
      const { rule, mistakes } = parseRule(words)
      return rule === undefined ? mistakes : readActions(rule.actions).mistakes
    }
  },
  async alertRouting() {
    const { parsePolicy } = await import('../../alerts/routing/policy/parse.ts')
    return (words) => parsePolicy(words).mistakes
  },
  async silence() {
    const { parseSilence } = await import('../../alerts/silences/silence.ts')
    return (words) => parseSilence(words, new Date()).mistakes
  },
  async repository() {
    const { mistakesIn } = await import('../../release/ci/rules/rule.ts')
    return ({ rules }) =>
      rules === undefined
        ? []
        : mistakesIn(rules).map((one) => ({ part: 'value', ...one, path: ['rules', ...one.path] }))
  },
  async signal() {
    const { signalMistakes } = await import('../../monitoring/signals/words/mistakes.ts')
    return signalMistakes
  },
}
