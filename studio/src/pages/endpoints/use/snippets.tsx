import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import type { Endpoint } from '../../../api/endpoints.ts'
import { Code } from '../../../parts/code/code.tsx'
import { Copy } from '../../../parts/copy.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { snippets, type SnippetLanguage } from './snippet-texts.ts'

/** How programs ask the endpoint. */
export function Snippets({ endpoint }: { readonly endpoint: Endpoint }) {
  const [language, setLanguage] = useState<SnippetLanguage>('curl')
  const { text } = snippets(endpoint)[language]
  return (
    <Panel
      title="Ask it from a program"
      actions={
        <>
          <SegmentedControl
            aria-label="Language"
            value={language}
            onChange={setLanguage}
            data={[
              { value: 'curl', label: 'curl' },
              { value: 'python', label: 'Python' },
              { value: 'javascript', label: 'JavaScript' },
              { value: 'azure', label: 'azure-ai-ml' },
            ]}
          />
          <Copy text={text} what="program" />
        </>
      }
    >
      <Code text={text} language="text" label={`Program in ${language}`} />
    </Panel>
  )
}
