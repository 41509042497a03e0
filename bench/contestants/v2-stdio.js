import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { build } from './v2.js'

serveStdio(() => build())
