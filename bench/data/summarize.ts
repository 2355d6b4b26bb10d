// DuckDB's own summary of a Parquet file: node summarize.ts FILE MEMORY_LIMIT SPILL
import { DuckDBInstance } from '@duckdb/node-api'

const [file = '', memory = '', spill = ''] = process.argv.slice(2)
const instance = await DuckDBInstance.create(':memory:', { memory_limit: memory, temp_directory: spill })
const connection = await instance.connect()
const reader = await connection.runAndReadAll(
  `summarize select * from read_parquet('${file.replaceAll("'", "''")}')`,
)
console.log(`${reader.currentRowCount} columns`)
