import type { ComponentType } from 'react'
import type { MakeKindName } from '../../../parts/make-kinds.ts'
import { DataForm } from './kinds/data-form.tsx'
import type { Form } from './form.ts'
import { MonitorForm } from './kinds/monitor-form.tsx'
import { PlanForm } from './kinds/plan-form.tsx'
import { RuleForm } from './rule/rule-form.tsx'
import { ScheduleForm } from './kinds/schedule-form.tsx'
import { DeploymentForm, EndpointForm } from './kinds/serving-forms.tsx'

export interface FormProps {
  readonly form: Form
  readonly isNew: boolean
  /** Files that were given to the browser, by the path that the document has for them. */
  readonly files: ReadonlyMap<string, File>
  readonly onFile: (path: string, file: File) => void
}

/** Kinds that have a form beside their text. */
export const forms: Partial<Record<MakeKindName, ComponentType<FormProps>>> = {
  data: DataForm,
  'online-endpoint': EndpointForm,
  'online-deployment': DeploymentForm,
  'release-plan': PlanForm,
  schedule: ScheduleForm,
  monitor: MonitorForm,
  'alert-rule': RuleForm,
}
