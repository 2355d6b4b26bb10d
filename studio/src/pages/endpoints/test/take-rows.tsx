import { Button, Modal, NumberInput, SegmentedControl, Select, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { previewQuery, type DataProperties } from '../../../api/data.ts'
import { collectedQuery, type Deployment } from '../../../api/endpoints.ts'
import { ranges } from '../../../api/metrics.ts'
import { listQuery } from '../../../api/queries.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { Failure } from '../../../parts/states.tsx'
import { mostRows, parseRows, rowsOfTable, type TakenRows } from './pasted-rows.ts'
import type { RequestField } from './request-fields.ts'
import style from './test.module.css'

/** Rows from elsewhere: pasted, from what was collected of the deployment, or from the beginning of a data asset. */
export function TakeRows({
  fields,
  deployment,
  onTaken,
  onClose,
}: {
  readonly fields: readonly RequestField[]
  readonly deployment: Deployment
  readonly onTaken: (taken: TakenRows) => void
  readonly onClose: () => void
}) {
  const [from, setFrom] = useState('text')
  const [text, setText] = useState('')
  const [asset, setAsset] = useState<string | null>(null)
  const [howMany, setHowMany] = useState<number>(10)
  const workspace = useWorkspace()
  const queries = useQueryClient()
  const assets = useQuery(listQuery<DataProperties>(`${workspace.id}/data`))
  const take = useMutation({
    mutationFn: async (): Promise<TakenRows> => {
      if (from === 'text') return parseRows(text, fields)
      const { columns, rows } =
        from === 'data'
          ? await queries.fetchQuery(previewQuery(asset ?? '', howMany))
          : await queries.fetchQuery(collectedQuery(deployment.id, ranges['30d'].ms, howMany))
      if (rows.length === 0) throw new Error(`Nothing was collected of ${deployment.name} in 30 days.`)
      return rowsOfTable(
        columns.map(({ name }) => name),
        rows,
        fields,
      )
    },
    onSuccess(taken) {
      onTaken(taken)
      onClose()
    },
  })
  const isReady = from === 'text' ? text.trim() !== '' : from === 'collected' || asset !== null
  return (
    <Modal
      opened
      onClose={onClose}
      title="Take rows from elsewhere"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        className={style.take}
        onSubmit={(event) => {
          event.preventDefault()
          take.mutate()
        }}
      >
        <SegmentedControl
          aria-label="From where"
          value={from}
          onChange={setFrom}
          data={[
            { value: 'text', label: 'Paste' },
            { value: 'collected', label: 'Collected requests' },
            { value: 'data', label: 'Data asset' },
          ]}
        />
        {from === 'text' ? (
          <Textarea
            label="Rows of a spreadsheet, or CSV"
            description={`With a header where it names columns; otherwise in this order: ${fields.map(({ name }) => name).join(', ')}`}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            rows={9}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            data-autofocus
          />
        ) : null}
        {from === 'data' ? (
          <Select
            label="Data asset"
            description="its latest version, from the first row on"
            searchable
            data={(assets.data ?? []).flatMap(({ id, name, properties: { latestVersion } }) =>
              latestVersion === undefined
                ? []
                : [{ value: `${id}/versions/${latestVersion}`, label: `${name}:${latestVersion}` }],
            )}
            value={asset}
            onChange={setAsset}
          />
        ) : null}
        {from === 'text' ? null : (
          <NumberInput
            label="Rows"
            description={
              from === 'collected' ? `the latest that ${deployment.name} was asked, of 30 days` : undefined
            }
            min={1}
            max={mostRows}
            value={howMany}
            onChange={(value) => setHowMany(Number(value) || 1)}
            w={200}
          />
        )}
        {take.error === null ? null : <Failure error={take.error} />}
        <div className={style.buttons}>
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" disabled={!isReady} loading={take.isPending}>
            Take them
          </Button>
        </div>
      </form>
    </Modal>
  )
}
