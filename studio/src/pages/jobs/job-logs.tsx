import { Select, Switch, TextInput } from '@mantine/core'
import { IconSearch } from '../../parts/icons.ts'
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { hasEnded, logsQuery, type Job } from '../../api/jobs.ts'
import { useSearchWord } from '../../frame/search.ts'
import { useWorkspace } from '../../frame/workspace.ts'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty, Failure } from '../../parts/states.tsx'
import { exact } from '../../words/numbers.ts'
import { readable } from './log-text.ts'
import { useLog } from './use-log.ts'
import style from './jobs.module.css'

/** The logs of a job, followed while it runs. */
export function JobLogs({ job }: { readonly job: Job }) {
  const workspace = useWorkspace()
  const query = useQuery(logsQuery(workspace.id, job.name))
  const [file, setFile] = useSearchWord('log')
  return (
    <Answer query={query}>
      {(logs) => {
        const chosen = logs.find((one) => one.file === file) ?? logs.at(-1)
        if (chosen === undefined)
          return (
            <Panel>
              <Empty title={hasEnded(job.properties.status) ? 'It left no log' : 'There is no log yet'}>
                {job.properties.reusedFrom === undefined
                  ? 'The log of its environment comes first, then its own.'
                  : `Nothing ran: the results are those of ${job.properties.reusedFrom}.`}
              </Empty>
            </Panel>
          )
        return (
          <Text
            key={chosen.file}
            url={chosen.url}
            isActive={!hasEnded(job.properties.status)}
            files={logs.map((one) => one.file)}
            file={chosen.file}
            onFile={setFile}
          />
        )
      }}
    </Answer>
  )
}

function Text({
  url,
  isActive,
  files,
  file,
  onFile,
}: {
  readonly url: string
  readonly isActive: boolean
  readonly files: readonly string[]
  readonly file: string
  readonly onFile: (file: string) => void
}) {
  const { text, error, dropped } = useLog(url, isActive)
  const [search, setSearch] = useState('')
  const [isFollowing, setFollowing] = useState(isActive)
  const place = useRef<HTMLPreElement>(null)
  useEffect(() => {
    if (isFollowing && place.current !== null) place.current.scrollTop = place.current.scrollHeight
  }, [text, isFollowing])
  const wanted = useDeferredValue(search).toLowerCase()
  const lines = useMemo(() => readable(text).split('\n'), [text])
  const found = useMemo(
    () => (wanted === '' ? lines : lines.filter((line) => line.toLowerCase().includes(wanted))),
    [lines, wanted],
  )
  return (
    <Panel
      title="Log"
      subtitle={`${wanted === '' ? exact(lines.length) : `${exact(found.length)} of ${exact(lines.length)}`} lines${dropped > 0 ? '; the beginning is left out' : ''}`}
      flush
      actions={
        <>
          <TextInput
            aria-label="Lines with"
            placeholder="Lines with …"
            leftSection={<IconSearch size={14} aria-hidden />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            data-filter
          />
          {files.length > 1 ? (
            <Select
              aria-label="Log"
              data={[...files]}
              value={file}
              onChange={(value) => onFile(value ?? '')}
              allowDeselect={false}
              w={220}
            />
          ) : null}
          {isActive ? (
            <Switch
              label="Follow"
              size="xs"
              checked={isFollowing}
              onChange={(event) => setFollowing(event.currentTarget.checked)}
            />
          ) : null}
        </>
      }
    >
      {error === undefined ? (
        <pre ref={place} className={style.log} tabIndex={0} role="log" aria-label={file} aria-live="off">
          {found.join('\n')}
        </pre>
      ) : (
        <Failure error={error} />
      )}
    </Panel>
  )
}
