import { fileURLToPath } from 'node:url'

/**
 * The lines to paste into AI clients for one endpoint.
 * @param file configuration of the gateway, for clients that start a command of their own
 */
export function clientLines(url: URL, file: string | undefined): readonly string[] {
  const { href } = url
  const script = fileURLToPath(new URL('../bin/interlock.js', import.meta.url))
  const args = [script, 'run', ...(file === undefined ? [] : ['--config', file])]
  return [
    `Claude Code     claude mcp add --transport http interlock ${href}`,
    `VS Code         code --add-mcp '${JSON.stringify({ name: 'interlock', type: 'http', url: href })}'`,
    `Codex           codex mcp add interlock --url ${href}`,
    `Cursor, others  ${JSON.stringify({ mcpServers: { interlock: { url: href } } })}`,
    `by command      ${JSON.stringify({ mcpServers: { interlock: { command: process.execPath, args } } })}`,
  ]
}
