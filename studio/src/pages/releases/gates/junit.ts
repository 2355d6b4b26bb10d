/** One test of a JUnit report. */
export interface TestCase {
  readonly name: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  readonly seconds: number
  /** What it says of its failure; empty of one that did not fail. */
  readonly message: string
}

/** The tests of a JUnit report, in its order; none of what is no such report. Needs a browser's parser of XML. */
export function readJunit(text: string): readonly TestCase[] {
  const document = new DOMParser().parseFromString(text, 'application/xml')
  return Array.from(document.querySelectorAll('testcase'), (test) => {
    const failure = test.querySelector('failure, error')
    const isSkipped = test.querySelector('skipped') !== null
    return {
      name: [test.getAttribute('classname'), test.getAttribute('name')].filter(Boolean).join(' '),
      outcome: failure !== null ? 'failed' : isSkipped ? 'skipped' : 'passed',
      seconds: Number(test.getAttribute('time') ?? 0) || 0,
      message:
        failure === null
          ? ''
          : (failure.textContent || (failure.getAttribute('message') ?? '')).slice(0, 4000),
    }
  })
}
