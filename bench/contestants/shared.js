/** What every contestant answers with. `steps` is `add` with one progress notification before its reply. */
export const description = {
  add: 'Adds two numbers',
  echo: 'Gives its text back',
  text10k: 'Gives 10 KiB of text',
  steps: 'Adds two numbers and tells how far it is',
}

/** Has quotes, backslashes and line feeds, so that writing it as JSON takes the work that real text takes. */
export const text10k = 'The quick brown fox jumps over the lazy dog. 0123456789 "quoted" \\ back\n'
  .repeat(150)
  .slice(0, 10_240)

/** Names of tools besides the four, so that there are `TOOLS` in all, and what every one of them says of itself. */
export const moreTools = Array.from(
  { length: Math.max(0, Number(process.env.TOOLS ?? 4) - 4) },
  (_, at) => `tool_${at}`,
)
export const moreDescription = 'Looks things up in the catalogue and tells what it found, in the order of their names'

/** What `big` answers with, for peers that ask for much and do not read it; made by those that are asked. */
export const bigText = () => 'x'.repeat(1024 * 1024)

/** Progress notifications that `flood` sends before its reply. */
export const flood = 2_000
export const floodText = 'y'.repeat(10_000)

export const textResult = text => ({ content: [{ type: 'text', text }] })

/** What the runner waits for. */
export const announce = server => console.error(`listening on http://127.0.0.1:${server.address().port}/mcp`)
