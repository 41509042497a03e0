import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { build } from './v1.js'

await build().connect(new StdioServerTransport())
