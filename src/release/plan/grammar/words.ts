/** The plan's own words; what else a resource or a file may have is none of this grammar's business. */
export const planWords = ['model', 'registry', 'start', 'supersede', 'on_failed_gate', 'stages'] as const
