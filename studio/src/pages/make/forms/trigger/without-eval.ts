import { config } from 'zod'

// Studio's policy lets no text become code: zod is told so before it tries.
config({ jitless: true })
