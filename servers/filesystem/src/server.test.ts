import { readFile as read } from 'node:fs/promises'
import { join } from 'node:path'
import { legacy } from '@interlock/protocol'
import { memoryTransport } from '@interlock/transport'
import { describe, expect, test } from 'vitest'
import { type FilesystemOptions, filesystem } from './server.ts'
import { scene } from './testing/scene.ts'

interface Connection extends AsyncDisposable {
  request(method: string, params?: Record<string, unknown>): Promise<unknown>
  call(tool: string, args: Record<string, unknown>): Promise<unknown>
}

async function connect(folder: string, options?: FilesystemOptions): Promise<Connection> {
  const transport = memoryTransport(filesystem([folder], options).receiver)
  let id = 0
  const request = async (method: string, params: Record<string, unknown> = {}): Promise<unknown> => {
    const { response } = await transport.exchange({ jsonrpc: '2.0', id: ++id, method, params })
    return 'result' in response ? response.result : response
  }
  const clientInfo = { name: 'test', version: '1' }
  await request('initialize', { protocolVersion: legacy[0]?.version, capabilities: {}, clientInfo })
  await transport.send({ jsonrpc: '2.0', method: 'notifications/initialized' })
  return {
    request,
    call: (name, args) => request('tools/call', { name, arguments: args }),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  }
}

describe('what is offered', () => {
  test('every tool, with what it may do', async () => {
    await using at = await scene()
    await using client = await connect(at.inside)
    const readOnly = { readOnlyHint: true, openWorldHint: false }
    const destructive = { readOnlyHint: false, destructiveHint: true, openWorldHint: false }
    expect(await client.request('tools/list')).toMatchObject({
      tools: [
        { name: 'read_file', annotations: readOnly },
        { name: 'list_directory', annotations: readOnly, outputSchema: { type: 'object' } },
        { name: 'search_files', annotations: readOnly, outputSchema: { type: 'object' } },
        { name: 'file_info', annotations: readOnly, outputSchema: { type: 'object' } },
        { name: 'write_file', annotations: { ...destructive, idempotentHint: true } },
        { name: 'edit_file', annotations: { ...destructive, idempotentHint: false } },
      ],
    })
  })

  test('nothing that writes when read-only, and a call of it is refused', async () => {
    await using at = await scene()
    await using client = await connect(at.inside, { readOnly: true })
    const listed = JSON.stringify(await client.request('tools/list'))
    expect(listed).toContain('read_file')
    expect(listed).not.toMatch(/write_file|edit_file/)
    expect(await client.call('write_file', { path: 'x', content: '' })).toHaveProperty('error')
  })
})

describe('over the protocol', () => {
  test('write, edit, read, list, search and describe', async () => {
    await using at = await scene()
    await using client = await connect(at.inside)
    const path = join(at.inside, 'a/note.txt')
    const written = { path, bytes: 8, created: true }
    expect(
      await client.call('write_file', { path: 'a/note.txt', content: 'one\ntwo\n', create_folders: true }),
    ).toEqual({
      content: [{ type: 'text', text: JSON.stringify(written) }],
      structuredContent: written,
    })
    const edits = [{ old_text: 'two', new_text: '2' }]
    const diff = `--- ${path}\n+++ ${path}\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n`
    expect(await client.call('edit_file', { path, edits, dry_run: true })).toEqual({
      content: [{ type: 'text', text: `${diff}[dry run: nothing was written]\n` }],
    })
    expect(await client.call('edit_file', { path, edits })).toEqual({ content: [{ type: 'text', text: diff }] })
    expect(await client.call('read_file', { path })).toEqual({ content: [{ type: 'text', text: 'one\n2\n' }] })
    expect(await client.call('list_directory', { path: 'a' })).toEqual({
      content: [{ type: 'text', text: `${join(at.inside, 'a')}\nnote.txt\t6 bytes` }],
      structuredContent: { path: join(at.inside, 'a'), entries: [{ name: 'note.txt', kind: 'file', size: 6 }] },
    })
    expect(await client.call('search_files', { text: 'ONE', ignore_case: true })).toEqual({
      content: [{ type: 'text', text: `${path}:1: one` }],
      structuredContent: { matches: [{ path, kind: 'file', line: 1, text: 'one' }], skipped: 0 },
    })
    expect(await client.call('file_info', { path })).toMatchObject({
      structuredContent: { path, kind: 'file', size: 6 },
    })
  })

  test('a picture is an image, a cut text has a note', async () => {
    const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
    await using at = await scene({ 'in/dot': png, 'in/long': 'one\ntwo\n' })
    await using client = await connect(at.inside, { limits: { answerBytes: 5 } })
    const data = png.toString('base64')
    expect(await client.call('read_file', { path: 'dot' })).toEqual({
      content: [{ type: 'image', data, mimeType: 'image/png' }],
    })
    expect(await client.call('read_file', { path: 'long' })).toEqual({
      content: [
        { type: 'text', text: 'one\n' },
        { type: 'text', text: '[cut after 4 bytes; for the rest of 8 bytes call read_file with from_byte 4]' },
      ],
    })
  })

  test.each([
    ['read_file', { path: '../out/secret.txt' }, /^"\.\.\/out\/secret\.txt" is outside the allowed folders; allowed: /],
    ['read_file', { path: 'link' }, /^"link" leads through a link to outside the allowed folders$/],
    ['write_file', { path: 'link', content: 'x' }, /^"link" leads through a link to outside the allowed folders$/],
    ['read_file', { path: 'none' }, /^nothing exists at "none"; look around with list_directory$/],
    ['read_file', { path: 'x', limit: 0 }, /limit: must be at least 1/],
    ['read_file', {}, /path: is required/],
    ['write_file', { path: 'x', content: '', mode: 7 }, /must not have the extra member "mode"/],
  ])('%s %j is an error the model can act on, and names nothing outside', async (tool, args, message) => {
    await using at = await scene({ 'out/secret.txt': 'secret', 'in/link': '-> ../out/secret.txt' })
    await using client = await connect(at.inside)
    const result = await client.call(tool, args)
    expect(result).toMatchObject({ isError: true, content: [{ type: 'text', text: expect.stringMatching(message) }] })
    expect(JSON.stringify(result)).not.toContain(at.outside)
    expect(await read(join(at.outside, 'secret.txt'), 'utf8')).toBe('secret')
  })
})
