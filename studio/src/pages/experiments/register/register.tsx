import { Autocomplete, Button, Modal, Select, TagsInput, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { ModelProperties } from '../../../api/models.ts'
import { listQuery } from '../../../api/queries.ts'
import { registerModel, type RunModel } from '../../../api/run-models.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { tell } from '../../../parts/act.tsx'
import { Command } from '../../../parts/copy.tsx'
import { pairsOf, registerCommand } from './register-command.ts'

/** Makes a model that a run logged the next version of a registered one, and goes there. */
export function RegisterModel({
  runId,
  models,
  onClose,
}: {
  readonly runId: string
  readonly models: readonly RunModel[]
  readonly onClose: () => void
}) {
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const to = usePaths()
  const { data: registered = [] } = useQuery(listQuery<ModelProperties>(`${workspace.id}/models`))
  const [path, setPath] = useState(models[0]?.path ?? '')
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [tags, setTags] = useState<readonly string[]>([])
  const model = models.find((one) => one.path === path)
  const known = registered.find((one) => one.name === name.trim())
  const registration = { name: name.trim(), description: description.trim(), tags: pairsOf(tags) }
  const isReady = model !== undefined && registration.name !== ''
  const run = useMutation({
    mutationFn: async () => {
      if (model === undefined) throw new Error('There is no such model of the run.')
      return registerModel(workspace, runId, model, registration)
    },
    async onSuccess(version) {
      await queries.invalidateQueries({ queryKey: ['mlflow', workspace.id, 'models of run', runId] })
      tell(`Registered as ${registration.name}:${version}`)
      void navigate({ to: to.version(registration.name, version) as '/' })
    },
  })
  const already = model?.registrations ?? []
  return (
    <Modal
      opened
      onClose={onClose}
      title="Register model"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady) run.mutate()
        }}
        style={{ display: 'flex', flexDirection: 'column', gap: 14 }}
      >
        <Select
          label="Model of the run"
          data={models.map((one) => ({ value: one.path, label: one.label }))}
          value={path}
          onChange={(value) => setPath(value ?? '')}
          allowDeselect={false}
          {...(already.length === 0
            ? {}
            : {
                description: `Registered already as ${already.map((one) => `${one.name}:${one.version}`).join(', ')}`,
              })}
        />
        <Autocomplete
          label="Name"
          description={
            known === undefined
              ? 'Of a registered model, or a new one'
              : `Becomes the version after ${known.properties.latestVersion ?? 'those'} that it has`
          }
          data={registered.map((one) => one.name)}
          value={name}
          onChange={setName}
          required
          openOnFocus={false}
          data-autofocus
        />
        <Textarea
          label="Description"
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          autosize
          minRows={2}
        />
        <TagsInput
          label="Tags"
          placeholder={tags.length === 0 ? 'name=value' : ''}
          value={[...tags]}
          onChange={setTags}
        />
        {model === undefined ? null : (
          <div>
            <p className="muted">The same by the command line</p>
            <Command text={registerCommand(model, registration)} />
          </div>
        )}
        {run.error === null ? null : (
          <p role="alert" style={{ color: 'var(--bad)', overflowWrap: 'anywhere' }}>
            {run.error.message}
          </p>
        )}
        <div style={{ display: 'flex', justifyContent: 'flex-end', gap: 8 }}>
          <Button variant="default" onClick={onClose}>
            Back
          </Button>
          <Button type="submit" disabled={!isReady} loading={run.isPending}>
            Register model
          </Button>
        </div>
      </form>
    </Modal>
  )
}
