/**
 * What client libraries are measured against: a map of ids and JSON. It finds out nothing, gives nothing up, has no
 * limits and checks next to nothing, so nobody should call strangers with it.
 */
import { spawn } from 'node:child_process'
import { Agent, request } from 'node:http'
import { answer, text10m, workload } from './client-answers.js'
import { serveWindows } from './client-windows.js'

const { HOW, ERA, URL: address } = process.env
const isModern = ERA === 'modern'
const clientInfo = { name: 'lean', version: '1.0.0' }
const envelope = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': clientInfo,
  'io.modelcontextprotocol/clientCapabilities': {},
}
const headers = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': isModern ? '2026-07-28' : '2025-11-25',
  ...(isModern ? { 'mcp-method': 'tools/call', 'mcp-name': workload.name } : { 'mcp-session-id': 'one' }),
}

const waiting = new Map()
let lastId = 0

function take(message) {
  if (message?.jsonrpc !== '2.0') throw new Error('no JSON-RPC')
  const waiter = waiting.get(message.id)
  if (waiter === undefined) return
  waiting.delete(message.id)
  if (message.error !== undefined) waiter.reject(new Error(message.error.message))
  else if (Array.isArray(message.result?.content)) waiter.resolve(message.result)
  else waiter.reject(new Error('no result'))
}

function ask(method, params) {
  return new Promise((resolve, reject) => {
    lastId += 1
    waiting.set(lastId, { resolve, reject })
    send({ jsonrpc: '2.0', id: lastId, method, params: isModern ? { _meta: envelope, ...params } : params })
  })
}

/** A reply as text: JSON, or an event stream of one event. */
const read = text => take(JSON.parse(text.startsWith('data: ') ? text.slice(6) : text))

const ways = {
  null: () => message => {
    const text = answer(message)
    queueMicrotask(() => take(JSON.parse(text)))
  },
  stdio() {
    const [command, ...args] = JSON.parse(process.env.COMMAND)
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    let held = []
    child.stdout.on('data', chunk => {
      let from = 0
      for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
        const line = chunk.subarray(from, end)
        take(JSON.parse(held.length === 0 ? line.toString() : Buffer.concat([...held, line]).toString()))
        held = []
        from = end + 1
      }
      if (from < chunk.length) held.push(chunk.subarray(from))
    })
    return message => child.stdin.write(`${JSON.stringify(message)}\n`)
  },
  http() {
    const { hostname, port, pathname: path } = new URL(address)
    const agent = new Agent({ keepAlive: true })
    return message => {
      const body = JSON.stringify(message)
      const length = { 'content-length': Buffer.byteLength(body) }
      request({ hostname, port, path, method: 'POST', agent, headers: { ...headers, ...length } }, incoming => {
        let text = ''
        incoming
          .setEncoding('utf8')
          .on('data', piece => {
            text += piece
          })
          .on('end', () => read(text))
      }).end(body)
    }
  },
  fetch: () => async message => {
    const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify(message) })
    read(await response.text())
  },
}

const parsed = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text: text10m }] } })
const send = HOW === 'parse' ? undefined : ways[HOW]()
const call = async number => {
  const result =
    HOW === 'parse'
      ? JSON.parse(parsed).result
      : await ask('tools/call', { name: workload.name, arguments: workload.arguments(number) })
  return result.content[0].text
}
serveWindows(call, workload.text)
