import { requirementName } from '../../../training/environments/packages/requirement.ts'
import type { EnvironmentSpecification } from '../../../training/environments/specification.ts'

/** What of an environment can be another one tomorrow. */
export interface Pins {
  /** Requirements that mean exactly one version, as pip has them. */
  readonly pinned: readonly string[]
  readonly unpinned: readonly string[]
  /** Options by which packages come from elsewhere than the index that everybody uses. */
  readonly sources: readonly string[]
  readonly pythonIsPinned: boolean
}

/** They build and install packages, and are not what a model computes with. */
const tools = new Set(['pip', 'setuptools', 'wheel'])

/** Reads which requirements are pinned: to a version without a star, to a file with its hash, or to a commit. */
export function pinsOf({ python, requirements }: EnvironmentSpecification): Pins {
  const packages = requirements.filter(
    (line) => !line.startsWith('-') && !tools.has(requirementName(line) ?? ''),
  )
  return {
    pinned: packages.filter(isPinned),
    unpinned: packages.filter((line) => !isPinned(line)),
    sources: requirements.filter((line) =>
      /^-(?:i|f|-index-url|-extra-index-url|-find-links|e|-editable)\b/.test(line),
    ),
    pythonIsPinned: /^==\d+\.\d+(?:\.\d+)?(?:\.\*)?$/.test(python),
  }
}

const isPinned = (line: string): boolean =>
  /^[^;@]*[^=!<>~;@]===?\s*[A-Za-z0-9][^*,;\s]*\s*(?:;|$)/.test(line) ||
  /@\s*\S+#\S*sha256=[0-9a-f]{64}/i.test(line) ||
  /@\s*git\+\S+@[0-9a-f]{40}(?:#\S*)?\s*(?:;|$)/i.test(line)
