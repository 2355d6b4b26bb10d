import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { hasEnded, type Job } from '../../../api/jobs.ts'
import { jobUsageQuery, type JobUsage } from '../../../api/job-usage.ts'
import { TimeChart } from '../../../parts/chart/time-chart.tsx'
import { Columns, Stack } from '../../../parts/page.tsx'
import { Figure, Figures, Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { bytes, exact } from '../../../words/numbers.ts'
import { between, duration } from '../../../words/time.ts'
import { inCores, inUnit, linesOf, mostOf } from './usage-lines.ts'

/** What a job's process, with all that it started, takes or took of the machine. */
export function JobSystem({ job }: { readonly job: Job }) {
  const { startTime, status, reusedFrom } = job.properties
  const query = useQuery(jobUsageQuery(job))
  if (reusedFrom !== undefined)
    return (
      <Panel>
        <Empty title="Nothing ran">The results are those of {reusedFrom}, and so is what they took.</Empty>
      </Panel>
    )
  if (startTime === undefined)
    return (
      <Panel>
        <Empty title={hasEnded(status) ? 'It never ran' : 'It has not started yet'}>
          What it takes of processors, memory and disk is measured every few seconds while it runs.
        </Empty>
      </Panel>
    )
  return (
    <Stack>
      <Totals job={job} />
      <Answer query={query} rows={12}>
        {(usage) => <Charts usage={usage} isActive={!hasEnded(status)} />}
      </Answer>
    </Stack>
  )
}

/** What its supervisor told when it ended: exact, however short it was. */
function Totals({ job }: { readonly job: Job }) {
  const { usage, startTime, endTime } = job.properties
  if (usage === undefined) return null
  const took = between(startTime, endTime, new Date(0))
  const mean = took === undefined || took === 0 ? undefined : usage.cpuSeconds / (took / 1000)
  return (
    <Figures>
      <Figure
        name="Processor time"
        value={duration(usage.cpuSeconds * 1000)}
        note="of all its processes together"
      />
      {mean === undefined ? null : (
        <Figure name="Processors in use" value={inCores(mean)} note={`on average over ${duration(took)}`} />
      )}
      <Figure
        name="Peak memory"
        value={bytes(usage.peakMemoryBytes)}
        note="of the largest of its processes"
      />
    </Figures>
  )
}

function Charts({ usage, isActive }: { readonly usage: JobUsage; readonly isActive: boolean }) {
  const { from, to, grainMs, coreLimit, memoryLimit } = usage
  const cores = useMemo(() => linesOf(usage.cores, 'processors', ({ average }) => average), [usage.cores])
  const memory = useMemo(() => linesOf(usage.memory, 'memory', ({ maximum }) => maximum), [usage.memory])
  const disk = useMemo(
    () =>
      linesOf(usage.disk, '', ({ total }) => (total === undefined ? undefined : total / (grainMs / 1000))),
    [usage.disk, grainMs],
  )
  const mostCores = mostOf(cores)
  const mostMemory = mostOf(memory)
  const memoryInUnit = useMemo(() => inUnit(memory), [memory])
  const diskInUnit = useMemo(() => {
    const { format, ...scaled } = inUnit(disk)
    return { ...scaled, format: (value: number) => `${format(value)}/s` }
  }, [disk])
  const coreLevels = useMemo(
    () => (coreLimit === undefined ? [] : [{ name: 'all there are', value: coreLimit }]),
    [coreLimit],
  )
  // Far above what is used it would press the line to the ground: then it is told in words alone.
  const isNear = memoryLimit !== undefined && mostMemory !== undefined && mostMemory > memoryLimit / 3
  const memoryLevels = useMemo(
    () =>
      isNear && memoryLimit !== undefined
        ? [{ name: 'all there is', value: memoryLimit / memoryInUnit.size }]
        : [],
    [isNear, memoryLimit, memoryInUnit],
  )
  if (mostMemory === undefined)
    return (
      <Panel>
        <Empty title={isActive ? 'Nothing is measured yet' : 'Its course was not measured'}>
          {isActive
            ? 'The first values come within a few seconds.'
            : 'It was over within seconds, ran where this server does not measure, or is longer ago than measurements are kept.'}
        </Empty>
      </Panel>
    )
  const step = `each ${grainMs < 60_000 ? `${grainMs / 1000} s` : duration(grainMs)}`
  const common = { from, to, stepMs: grainMs }
  const ofMemory = memoryLimit === undefined ? '' : `; there are ${bytes(memoryLimit)}`
  return (
    <Columns>
      <Panel>
        <TimeChart
          title="Processors in use (cores)"
          subtitle={`mean of ${step}, all its processes${coreLimit === undefined ? '' : `; there are ${exact(coreLimit)}`}`}
          conclusion={`at most ${inCores(mostCores ?? 0)} in use${coreLimit === undefined ? '' : ` of ${exact(coreLimit)}`}`}
          lines={cores}
          format={inCores}
          atLeast={coreLimit ?? 1}
          levels={coreLevels}
          emptyReason="Two readings make the first value."
          {...common}
        />
      </Panel>
      <Panel>
        <TimeChart
          title="Memory"
          subtitle={`most of ${step}, what processes share counted once${ofMemory}`}
          conclusion={`at most ${bytes(mostMemory)}${memoryLimit === undefined ? '' : ` of ${bytes(memoryLimit)}`}`}
          lines={memoryInUnit.lines}
          format={memoryInUnit.format}
          {...(isNear && memoryLimit !== undefined ? { atLeast: memoryLimit / memoryInUnit.size } : {})}
          levels={memoryLevels}
          {...common}
        />
      </Panel>
      <Panel>
        <TimeChart
          title="Disk, a second"
          subtitle={`mean of ${step}, what came from and went to disks, not to their cache`}
          conclusion={`at most ${bytes(mostOf(disk) ?? 0)} a second`}
          lines={diskInUnit.lines}
          format={diskInUnit.format}
          emptyReason="The system does not tell."
          {...common}
        />
      </Panel>
    </Columns>
  )
}
