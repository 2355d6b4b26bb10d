import { describe } from 'node:test'
import { PGlite } from '@electric-sql/pglite'
import { openPglite } from '../pglite.ts'
import { openSqlite } from '../sqlite.ts'
import { trackingContract } from './tracking.contract.ts'

describe('sqlite', () => trackingContract('sqlite', () => openSqlite(':memory:')))
describe('postgres', () => trackingContract('postgres', () => openPglite(new PGlite())))
