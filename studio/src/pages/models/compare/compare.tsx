import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { judgedIn, labelOfRelease, type Judged } from '../../../api/evaluation.ts'
import { contentQuery, type ModelVersion, type VersionProperties } from '../../../api/models.ts'
import { resourceQuery } from '../../../api/queries.ts'
import { releasesQuery } from '../../../api/releases.ts'
import { labelOf, namesIn } from '../../../api/resource.ts'
import { runQuery } from '../../../api/runs.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { IntervalPlot } from '../../../parts/chart/interval-plot.tsx'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { Go } from '../../../parts/go.tsx'
import { Columns, Page, Stack } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { bytes, metric } from '../../../words/numbers.ts'
import { numbersIn } from '../tag-numbers.ts'
import { paired, signatureChanges } from './differences.ts'
import { MetricDeltas } from './metric-deltas.tsx'
import { Pairs } from './pairs.tsx'

/** Two versions of a model beside each other: how good, made how and of what, and what callers would notice. */
export function ModelDiffPage() {
  const { model = '', before = '', after = '' } = useParams({ strict: false })
  const versions = `${useWorkspace().id}/models/${model}/versions`
  const to = usePaths()
  const was = useQuery(resourceQuery<VersionProperties>(`${versions}/${before}`))
  const is = useQuery(resourceQuery<VersionProperties>(`${versions}/${after}`))
  return (
    <Page
      title={`${model}: ${before} → ${after}`}
      meta={
        <>
          <Go to={to.version(model, before)}>version {before}</Go>
          <Go to={to.version(model, after)}>version {after}</Go>
          <Go to={to.versionDiff(model, after, before)}>the other way round</Go>
        </>
      }
      actions={
        <Equivalents
          cli={[
            { what: 'One', command: `twinloop model show --name ${model} --version ${before}` },
            { what: 'The other', command: `twinloop model show --name ${model} --version ${after}` },
          ]}
          rest={[
            { method: 'GET', path: `${versions}/${before}` },
            { method: 'GET', path: `${versions}/${after}` },
          ]}
        />
      }
    >
      <Answer query={was}>
        {(old) => <Answer query={is}>{(fresh) => <Shown model={model} before={old} after={fresh} />}</Answer>}
      </Answer>
    </Page>
  )
}

interface Both {
  readonly model: string
  readonly before: ModelVersion
  readonly after: ModelVersion
}

function Shown({ model, before, after }: Both) {
  const workspace = useWorkspace()
  const runOf = ({ properties: { lineage, jobName } }: ModelVersion) => lineage?.run ?? jobName ?? ''
  const was = useQuery({ ...runQuery(workspace, runOf(before)), enabled: runOf(before) !== '' }).data
  const is = useQuery({ ...runQuery(workspace, runOf(after)), enabled: runOf(after) !== '' }).data
  const params = (run: typeof was) =>
    Object.fromEntries((run?.data.params ?? []).map(({ key, value }) => [key, value]))
  const metrics = (run: typeof was, { properties: { tags = {} } }: ModelVersion) => ({
    ...Object.fromEntries((run?.data.metrics ?? []).map(({ key, value }) => [key, value])),
    ...Object.fromEntries(numbersIn([tags]).map((name) => [name, Number(tags[name])])),
  })
  const names = { before: `${model}:${before.name}`, after: `${model}:${after.name}` }
  return (
    <Stack>
      <SameRows before={before} after={after} />
      <Columns>
        <MetricDeltas names={names} before={metrics(was, before)} after={metrics(is, after)} />
        <Pairs
          title="Parameters"
          names={names}
          pairs={paired(params(was), params(is))}
          none="Neither run logged any."
        />
      </Columns>
      <Columns>
        <Made model={model} before={before} after={after} />
        <Signatures model={model} before={before} after={after} />
      </Columns>
    </Stack>
  )
}

/** What a gate found that judged both on the same rows: the comparison that counts. */
function SameRows({ before, after }: Pick<Both, 'before' | 'after'>) {
  const to = usePaths()
  const query = useQuery(releasesQuery(useWorkspace()))
  const same = (a: string | undefined, b: string) => a?.toLowerCase() === b.toLowerCase()
  const judged = judgedIn(query.data ?? [], after.id)
  const found = judged
    .toSorted((a, b) => Number(b.role === 'candidate') - Number(a.role === 'candidate'))
    .find(({ release: { properties } }) =>
      [
        [before.id, after.id],
        [after.id, before.id],
      ].some(([a = '', b = '']) => same(properties.candidate?.id, a) && same(properties.champion?.id, b)),
    )
  if (found === undefined)
    return (
      <Panel title="On the same rows">
        <p className="muted">
          No gate has judged both on the same rows; what the runs logged may be of other data. A release of
          one while the other reigns does.
        </p>
      </Panel>
    )
  const { release, gate, stage } = found
  const isForward = same(release.properties.candidate?.id, after.id)
  return (
    <Panel
      title={
        <>
          On the same rows <Status kind="gate" state={gate.state} />
        </>
      }
      subtitle={
        <>
          gate {gate.name} of stage {stage} in{' '}
          <Go to={to.release(namesIn(release.id)[1] ?? '', release.name)}>{labelOfRelease(release)}</Go>
        </>
      }
    >
      <p>{gate.result?.summary}</p>
      <Compared found={found} isForward={isForward} />
    </Panel>
  )
}

function Compared({
  found: { release, gate },
  isForward,
}: {
  readonly found: Judged
  readonly isForward: boolean
}) {
  const { candidate, champion } = release.properties
  const measures = (gate.result?.measures ?? []).filter(({ slice }) => slice === undefined)
  const differences = measures.filter(({ of, estimate }) => of === 'difference' && estimate !== null)
  const both = measures.filter(
    ({ name, of }) => of !== 'difference' && differences.some((difference) => difference.name === name),
  )
  const sign = isForward ? 1 : -1
  return (
    <Columns>
      <IntervalPlot
        title="Difference"
        subtitle={`version ${(isForward ? candidate : champion)?.version ?? ''} less version ${(isForward ? champion : candidate)?.version ?? ''}, paired`}
        rows={differences.map(({ name, estimate, interval, n, verdict }) => ({
          key: name,
          label: name,
          estimate: estimate === null ? null : sign * estimate,
          lower: interval === undefined ? null : sign * (isForward ? interval.lower : interval.upper),
          upper: interval === undefined ? null : sign * (isForward ? interval.upper : interval.lower),
          n,
          // What was asked is asked of the candidate: the other way round it says nothing.
          note: isForward && verdict !== undefined ? <Status kind="verdict" state={verdict} /> : undefined,
        }))}
        limits={[{ value: 0, name: 'alike' }]}
        format={metric}
      />
      <IntervalPlot
        title="Each by itself"
        subtitle="with its interval; that of the difference decides"
        rows={both
          .map(({ name, of, estimate, interval, n }) => ({
            key: `${name} ${of ?? ''}`,
            label: `${name}, version ${of === 'champion' ? (champion?.version ?? '') : (candidate?.version ?? '')}`,
            estimate,
            lower: interval?.lower,
            upper: interval?.upper,
            n,
            colour: (of === 'champion') === isForward ? 1 : 2,
          }))
          .toSorted((a, b) => a.colour - b.colour)}
        format={metric}
      />
    </Columns>
  )
}

/** Size, what it was made with, and of which data. */
function Made({ model, before, after }: Both) {
  const workspace = useWorkspace()
  const to = usePaths()
  const was = useQuery(contentQuery(workspace, model, before.name)).data?.model
  const is = useQuery(contentQuery(workspace, model, after.name)).data?.model
  const facts = (version: ModelVersion, file: typeof was) => {
    const { flavors = {}, modelType, lineage } = version.properties
    const flavour = Object.keys(flavors).find((name) => name !== 'python_function') ?? ''
    const own = Object.entries(flavors[flavour]?.data ?? {}).find(([key]) => key.endsWith('_version'))?.[1]
    return Object.fromEntries(
      Object.entries({
        Kind: modelType,
        Flavour: flavour === '' ? undefined : `${flavour} ${own ?? ''}`,
        Python: flavors['python_function']?.data?.['python_version'],
        MLflow: file?.mlflowVersion,
        Size: file?.sizeBytes === undefined ? undefined : bytes(file.sizeBytes),
        Data: dataOf(lineage?.data).join(', ') || undefined,
      }).filter((entry): entry is [string, string] => entry[1] !== undefined),
    )
  }
  const names = { before: `${model}:${before.name}`, after: `${model}:${after.name}` }
  const changed = dataOf(before.properties.lineage?.data).flatMap((old) => {
    const asset = old.slice(0, old.lastIndexOf(':'))
    const now = dataOf(after.properties.lineage?.data).find(
      (other) => other !== old && other.slice(0, other.lastIndexOf(':')) === asset,
    )
    return now === undefined ? [] : [{ old, now }]
  })
  return (
    <Pairs
      title="Made with"
      names={names}
      pairs={paired(facts(before, was), facts(after, is))}
      none="Nothing is known of how they were made."
      note={changed.map(({ old, now }) => (
        <Go key={old} to={to.dataDiff(old, now)}>
          How {old} and {now} differ
        </Go>
      ))}
    />
  )
}

const dataOf = (data: readonly { readonly id: string }[] = []) =>
  data.filter(({ id }) => /\/data\/[^/]+\/versions\//i.test(id)).map(({ id }) => labelOf(id))

function Signatures({ model, before, after }: Both) {
  const workspace = useWorkspace()
  const was = useQuery(contentQuery(workspace, model, before.name)).data?.model
  const is = useQuery(contentQuery(workspace, model, after.name)).data?.model
  const sides = [
    { title: 'Takes', changes: signatureChanges(was?.inputs ?? [], is?.inputs ?? []) },
    { title: 'Gives', changes: signatureChanges(was?.outputs ?? [], is?.outputs ?? []) },
  ]
  const isKnown = was !== undefined && is !== undefined
  return (
    <Panel title="Signature">
      {!isKnown ? (
        <p className="muted">One of them does not say what it takes and gives.</p>
      ) : sides.every(({ changes }) => changes.length === 0) ? (
        <p>Callers notice nothing: both take {was.inputs.length} inputs and give the same.</p>
      ) : (
        sides.map(({ title, changes }) => (
          <div key={title}>
            {changes.map(({ name, what }) => (
              <p key={name}>
                <span className="muted">{title.toLowerCase()}</span> <span className="mono">{name}</span>{' '}
                {what}
              </p>
            ))}
          </div>
        ))
      )}
    </Panel>
  )
}
