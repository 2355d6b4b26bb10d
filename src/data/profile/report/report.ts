import type { Profile } from '../profile.ts'
export const reportPage = (profile: Profile): string => JSON.stringify(profile)
