import { useNavigate } from '@tanstack/react-router'
import { rulesPath } from '../../../api/alerts/rules.ts'
import { useCan, usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Act } from '../../../parts/act.tsx'
import { IconPlus } from '../../../parts/icons.ts'

/** Opens the form for a new rule. */
export function NewRuleButton() {
  const to = usePaths()
  const navigate = useNavigate()
  const can = useCan()
  return (
    <Act
      label="New rule"
      icon={<IconPlus size={14} />}
      allowed={can('Twinloop/alertRules/write')}
      onClick={() => void navigate({ to: to.newRule as '/' })}
    />
  )
}

/** Opens the form with a rule that is there. */
export function EditRuleButton({ name }: { readonly name: string }) {
  const to = usePaths()
  const navigate = useNavigate()
  const can = useCan(`${rulesPath(useWorkspace())}/${name}`)
  return (
    <Act
      label="Edit"
      variant="default"
      allowed={can('Twinloop/alertRules/write')}
      onClick={() => void navigate({ to: to.editRule(name) as '/' })}
    />
  )
}
