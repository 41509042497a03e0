/** `bare-http.js` that checks one ES256 signature for each call before it looks at it: what a proof costs at least. */
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { createServer } from 'node:http'
import { answers } from './bare.js'
import { announce } from './shared.js'

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
/** As long as a proof. */
const text = Buffer.alloc(500, 'x')
const signature = sign('sha256', text, { key: privateKey, dsaEncoding: 'ieee-p1363' })

const server = createServer((request, response) => {
  const chunks = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    if (!verify('sha256', text, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)) throw new Error('forged')
    const [reply] = answers(String(Buffer.concat(chunks)))
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(reply) }
    response.writeHead(200, headers).end(reply)
  })
})
server.listen(0, '127.0.0.1', () => announce(server))
