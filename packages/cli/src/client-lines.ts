/** The lines to paste into AI clients for one endpoint. */
export function clientLines(url: URL): readonly string[] {
  const { href } = url
  return [
    `Claude Code     claude mcp add --transport http interlock ${href}`,
    `VS Code         code --add-mcp '{"name":"interlock","type":"http","url":"${href}"}'`,
    `Codex           codex mcp add interlock --url ${href}`,
    `Cursor, others  {"mcpServers":{"interlock":{"url":"${href}"}}}`,
    'by command      {"mcpServers":{"interlock":{"command":"npx","args":["interlock","run"]}}}',
  ]
}
