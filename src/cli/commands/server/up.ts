import { defineCommand } from '../../define-command.ts'

export const up = defineCommand({
  noun: '',
  verb: 'up',
  summary: 'Starts the server; in the foreground until interrupted, or with --detach in the background.',
  flags: {
    detach: {
      type: 'switch',
      short: 'd',
      summary: 'Starts it in the background and returns when it is ready.',
    },
    home: { type: 'text', placeholder: 'FOLDER', summary: 'Folder of all its data. Default ~/.twinloop.' },
    host: { type: 'text', placeholder: 'ADDRESS', summary: 'Address to listen on. Default 127.0.0.1.' },
    port: { type: 'integer', summary: 'HTTP port; 0 takes a free one. Default 7077.' },
    httpsPort: { type: 'integer', summary: 'HTTPS port; 0 takes a free one. Default 7443.' },
    gatewayPort: {
      type: 'integer',
      summary: 'Port of the scoring gateway; 0 takes a free one. Default 7078.',
    },
    location: { type: 'text', summary: 'Name of the region that resources show. Default local.' },
    logLevel: { type: 'text', choices: ['debug', 'info', 'warn', 'error'], summary: 'What is logged.' },
  },
  examples: ['twinloop up', 'twinloop up --detach', 'twinloop up --home /srv/twinloop --port 8080'],
  async run({ flags, io, settings }) {
    const { startDetached, runServer } = await import('./start.ts')
    const given = {
      home: flags.home ?? settings.home,
      host: flags.host,
      port: flags.port,
      httpsPort: flags.httpsPort,
      gatewayPort: flags.gatewayPort,
      location: flags.location,
      logLevel: flags.logLevel,
      subscription: flags.subscription,
      resourceGroup: flags.resourceGroup,
      workspace: flags.workspaceName,
    }
    return flags.detach ? startDetached(given, io) : runServer(given, io)
  },
})
