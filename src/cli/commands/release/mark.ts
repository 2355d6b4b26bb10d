import { markOutput } from '../../io.ts'
import type { Io, Style } from '../../io.ts'

const good = ['passed', 'succeeded', 'approved']
const bad = ['failed', 'error', 'refused', 'expired', 'rolled_back', 'blocked']
const busy = ['running', 'gates', 'approval', 'delivery', 'delivering', 'open', 'waiting']

/** One sign for each way in which something can stand. */
export function mark(io: Io, state: string): string {
  const [sign, style]: readonly [string, Style | undefined] = good.includes(state)
    ? ['✓', 'green']
    : bad.includes(state)
      ? [state === 'error' ? '!' : '✗', 'red']
      : state === 'inconclusive'
        ? ['?', 'yellow']
        : state === 'waived'
          ? ['~', 'yellow']
          : busy.includes(state)
            ? ['●', 'cyan']
            : state === 'paused'
              ? ['‖', 'yellow']
              : ['○', 'dim']
  return markOutput(io, style, sign)
}
