import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface WeatherService {
  readonly url: string
  /** From now on an answer takes so long. */
  delay(ms: number): Promise<void>
  stop(): void
}

/** Starts the example's weather service on a free port. */
export async function startWeather(example: string): Promise<WeatherService> {
  const file = join(example, 'live', 'weather_service.py')
  const child = spawn('python3', [file, '--port', '0', '--delay-ms', '5'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [url] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${file} ended with ${code}.`))),
  ])) as [string]
  return {
    url,
    async delay(ms) {
      const answer = await fetch(`${url}/delay`, { method: 'PUT', body: String(ms) })
      if (!answer.ok) throw new Error(`${url}/delay answered ${answer.status}.`)
    },
    stop: () => child.kill(),
  }
}
