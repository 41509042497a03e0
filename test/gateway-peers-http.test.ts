import { expect, test } from 'vitest'
import { type Face, type FaceKind, faces, type OnElicit, textOf } from './support/faces/index.ts'
import { throughGateway } from './support/through-gateway.ts'

const outcome = (face: Face, name: string): Promise<string> =>
  face.callTool(name, { hotel: 'Ritz' }).then(({ content }) => content.map(textOf).join('\n'), String)

throughGateway('http', home => {
  const titled = faces.map(kind => [`${kind.name}, ${kind.era}`, kind] as const)
  const open = async (kind: FaceKind, onElicit?: OnElicit): Promise<Face> => kind.open(await home().http(), onElicit)

  test.each(titled)('a user may decline (%s)', async (_, kind) => {
    await using face = await open(kind, () => ({ action: 'decline' }))
    expect(await outcome(face, 'ours__book')).toBe('nothing booked: decline')
    expect(await outcome(face, 'everything__trigger-elicitation-request')).toContain('declined')
  })

  test.each(titled)('a client that cannot ask its user gets an error that says so (%s)', async (_, kind) => {
    await using face = await open(kind)
    expect(await outcome(face, 'ours__book')).toMatch(/elicitation/)
    expect(await outcome(face, 'everything__trigger-elicitation-request')).toMatch(/elicitation/)
  })
})
