import { SegmentedControl, Select, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { deploymentLogsQuery, type Deployment, type LogKind } from '../../api/endpoints.ts'
import { useSearchWord } from '../../frame/search.ts'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import style from './endpoints.module.css'

/** What a deployment's instances print, and what was said when it was prepared. */
export function EndpointLogs({ deployments }: { readonly deployments: readonly Deployment[] }) {
  const [name, setName] = useSearchWord('deployment', deployments[0]?.name ?? '')
  const deployment = deployments.find((one) => one.name === name) ?? deployments[0]
  const [kind, setKind] = useState<LogKind>('InferenceServer')
  const [isFollowed, setFollowed] = useState(false)
  const query = useQuery({
    ...deploymentLogsQuery(deployment?.id ?? '', kind, isFollowed),
    enabled: deployment !== undefined,
  })
  if (deployment === undefined)
    return (
      <Panel>
        <Empty title="No deployment, no log" />
      </Panel>
    )
  return (
    <Panel
      title="Log"
      subtitle="the last 1,000 lines of each instance"
      flush
      actions={
        <>
          <Select
            aria-label="Deployment"
            data={deployments.map((one) => one.name)}
            value={deployment.name}
            onChange={(value) => setName(value ?? '')}
            allowDeselect={false}
            w={140}
          />
          <SegmentedControl
            aria-label="Which log"
            value={kind}
            onChange={setKind}
            data={[
              { value: 'InferenceServer', label: 'Instances' },
              { value: 'StorageInitializer', label: 'Preparation' },
            ]}
          />
          <Switch
            label="Follow"
            size="xs"
            checked={isFollowed}
            onChange={(event) => setFollowed(event.currentTarget.checked)}
          />
        </>
      }
    >
      <Answer query={query}>
        {(text) => (
          <pre
            className={style.log}
            tabIndex={0}
            role="log"
            aria-live="off"
            aria-label={`Log of ${deployment.name}`}
          >
            {text}
          </pre>
        )}
      </Answer>
    </Panel>
  )
}
