import { ActionIcon, Button, Select, TextInput } from '@mantine/core'
import type { Path } from '../../../../../../src/cli/yaml/source.ts'
import { IconPlus, IconX } from '../../../../parts/icons.ts'
import type { Form } from '../form.ts'
import { readSteps, stepWords, type Step } from './steps.ts'
import style from '../forms.module.css'

/** How the traffic moves to what is delivered, drawn, with each step to change. */
export function StepsField({ form, path }: { readonly form: Form; readonly path: Path }) {
  const given = form.value(path)
  const steps = readSteps(given)
  const change = (next: readonly Step[]) =>
    form.set(path, next.length === 0 ? undefined : next.map(stepWords))
  const set = (i: number, step: Step) => change(steps.map((one, at) => (at === i ? step : one)))
  const wrong = form.wrong(path)
  return (
    <section className={style.part} aria-label="Steps of the delivery">
      <h3>Steps of the delivery</h3>
      <Drawn steps={steps.length === 0 ? byDefault : steps} />
      {steps.length === 0 ? (
        <p className="muted">
          Nothing is said: a fifth mirrored, then a tenth, then a half, ten minutes each.
        </p>
      ) : null}
      {steps.map((step, i) => (
        <div key={i} style={{ display: 'flex', gap: 8, alignItems: 'center', flexWrap: 'wrap' }}>
          <Select
            aria-label={`What step ${i + 1} does`}
            size="xs"
            w={190}
            data={[
              { value: 'mirror', label: 'copies requests' },
              { value: 'weight', label: 'answers requests' },
              { value: 'pause', label: 'waits for somebody' },
            ]}
            value={step.kind}
            allowDeselect={false}
            onChange={(kind) =>
              set(
                i,
                kind === 'pause'
                  ? { kind }
                  : { kind: kind === 'mirror' ? kind : 'weight', share: '10%', for: '10m' },
              )
            }
          />
          {step.kind === 'pause' ? null : (
            <>
              <TextInput
                aria-label={`Share of step ${i + 1}`}
                size="xs"
                w={80}
                value={step.share}
                onChange={({ currentTarget: { value } }) => set(i, { ...step, share: value })}
              />
              <span className="muted">for</span>
              <TextInput
                aria-label={`How long step ${i + 1} lasts`}
                size="xs"
                w={80}
                value={step.for}
                onChange={({ currentTarget: { value } }) => set(i, { ...step, for: value })}
              />
            </>
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove step ${i + 1}`}
            onClick={() => change(steps.filter((_, at) => at !== i))}
          >
            <IconX size={14} />
          </ActionIcon>
        </div>
      ))}
      {wrong === undefined ? null : <p style={{ color: 'var(--bad)' }}>{wrong}</p>}
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => change([...steps, { kind: 'weight', share: '50%', for: '10m' }])}
        >
          Add a step
        </Button>
      </div>
    </section>
  )
}

const byDefault: readonly Step[] = [
  { kind: 'mirror', share: '20%', for: '10m' },
  { kind: 'weight', share: '10%', for: '10m' },
  { kind: 'weight', share: '50%', for: '10m' },
]

/** A bar for each step, as high as its share; at the end it has everything. */
function Drawn({ steps }: { readonly steps: readonly Step[] }) {
  const all: readonly Step[] = [...steps, { kind: 'weight', share: '100%', for: '' }]
  const says = all.map((step) =>
    step.kind === 'pause'
      ? 'pause'
      : `${step.kind === 'mirror' ? 'copies' : 'answers'} ${step.share}${step.for === '' ? '' : ` for ${step.for}`}`,
  )
  return (
    <figure style={{ margin: 0 }} role="img" aria-label={`The new deployment ${says.join(', then ')}`}>
      <div className={style.steps}>
        {all.map((step, i) => (
          <div key={i} className={style.step}>
            <span>{step.kind === 'pause' ? 'pause' : step.share}</span>
            <div
              className={style.bar}
              data-kind={step.kind}
              style={{
                height: step.kind === 'pause' ? 4 : Math.max(3, (Number.parseFloat(step.share) || 0) * 0.5),
              }}
            />
          </div>
        ))}
      </div>
      <div className={style.stepNames}>
        {all.map((step, i) => (
          <span key={i}>
            {step.kind === 'pause'
              ? ''
              : step.kind === 'mirror'
                ? `copied, ${step.for}`
                : step.for || 'for good'}
          </span>
        ))}
      </div>
    </figure>
  )
}
