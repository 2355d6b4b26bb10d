import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../api/data.ts'
import { Code } from '../../parts/code/code.tsx'
import { Stack } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Failure } from '../../parts/states.tsx'
import { exact } from '../../words/numbers.ts'
import { duration } from '../../words/time.ts'
import { RowsTable } from './preview.tsx'

/** A question in SQL, of the version as `data`. */
export function AskData({ version }: { readonly version: string }) {
  const [sql, setSql] = useState('select count(*) as n from data')
  const question = useMutation({ mutationFn: () => ask(version, sql) })
  const { data } = question
  return (
    <Stack>
      <Panel
        title="Ask"
        subtitle="SQL as DuckDB has it; the version is called data"
        actions={
          <Button onClick={() => question.mutate()} loading={question.isPending}>
            Ask
          </Button>
        }
      >
        <Code text={sql} language="text" onChange={setSql} label="Question in SQL" height={140} />
      </Panel>
      {question.error === null ? null : (
        <Panel>
          <Failure error={question.error} />
        </Panel>
      )}
      {data === undefined ? null : (
        <Panel
          title="Answer"
          subtitle={`${exact(data.rows.length)} rows${data.truncated ? ', and there are more' : ''}, in ${duration(data.elapsedMs)}`}
          flush
        >
          <RowsTable rows={data} />
        </Panel>
      )}
    </Stack>
  )
}
