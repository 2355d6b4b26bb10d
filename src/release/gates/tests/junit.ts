/** What became of one test. */
export interface TestCase {
  /** `tests.test_prep.TestSplit`, as pytest has it. */
  readonly suite: string
  readonly name: string
  readonly outcome: 'passed' | 'failed' | 'error' | 'skipped'
  readonly seconds: number
  /** Why it did not pass, in a line; the reason of a skip. */
  readonly message?: string
  /** The traceback, as pytest prints it, cut. */
  readonly text?: string
}

/** Longer ones are cut at their beginning: the end of a traceback tells most. */
const longest = 4000

/** The test cases of a JUnit report (`pytest --junitxml`), in its order. Throws a RangeError for what is none. */
export function readJunit(xml: string): readonly TestCase[] {
  if (!/<testsuites?[\s>/]/.test(xml)) throw new RangeError('There is no JUnit report in it.')
  const cases: TestCase[] = []
  let current: Building | undefined
  /** The element that text belongs to at present. */
  let reason: { message: string; text: string } | undefined
  for (const [whole, cdata, closing, name = '', attributes = '', selfClosing, text] of xml.matchAll(token)) {
    if (whole.startsWith('<!--') || whole.startsWith('<?')) continue
    if (cdata !== undefined || text !== undefined) {
      if (reason !== undefined) reason.text += cdata ?? unescape(text ?? '')
      continue
    }
    if (name === 'testcase') {
      if (closing === undefined) current = begun(attributesOf(attributes))
      if (current !== undefined && (closing !== undefined || selfClosing !== undefined)) {
        cases.push(ended(current))
        current = undefined
      }
    } else if (current !== undefined && name in outcomes) {
      if (closing !== undefined) reason = undefined
      else {
        reason = { message: attributesOf(attributes)['message'] ?? '', text: '' }
        // A test whose teardown fails is both: it is the failure that counts.
        if (current.outcome === 'passed' || current.outcome === 'skipped')
          current = { ...current, outcome: outcomes[name as keyof typeof outcomes], reason }
        if (selfClosing !== undefined) reason = undefined
      }
    }
  }
  return cases
}

type Building = Pick<TestCase, 'suite' | 'name' | 'seconds' | 'outcome'> & {
  readonly reason?: { readonly message: string; readonly text: string }
}

const outcomes = { failure: 'failed', error: 'error', skipped: 'skipped' } as const

/** A comment or declaration; CDATA; a tag, with its slashes; or text between them. */
const token =
  /<!--[^]*?-->|<\?[^]*?\?>|<!\[CDATA\[([^]*?)\]\]>|<(\/)?([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/)?>|([^<]+)/g

const attributesOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Array.from(text.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g), ([, name = '', a, b]) => [
      name,
      unescape(a ?? b ?? ''),
    ]),
  )

const begun = (attributes: Readonly<Record<string, string>>): Building => ({
  suite: attributes['classname'] ?? '',
  name: attributes['name'] ?? '',
  seconds: Number(attributes['time'] ?? 0) || 0,
  outcome: 'passed',
})

function ended({ reason, ...test }: Building): TestCase {
  if (reason === undefined) return test
  const text = reason.text.trim()
  return {
    ...test,
    ...(reason.message === '' ? {} : { message: reason.message }),
    ...(text === '' ? {} : { text: text.length > longest ? `…${text.slice(-longest)}` : text }),
  }
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

const unescape = (text: string): string =>
  text.replaceAll(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return named[name] ?? whole
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole
    },
  )
