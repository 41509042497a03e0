import { describe, expect, test } from 'vitest'
import { connect } from './connect.ts'
import { onHttp, onStdio, type Piece, type Scenes, type Stage } from './testing/hostile.ts'
import { answer, content, notice, rows, rpc, sessions, stateless, times } from './testing/hostile-rows.ts'

const bindings: readonly (readonly [name: string, open: (scenes: Scenes) => Promise<Stage>])[] = [
  ['stdio', onStdio],
  ['HTTP', onHttp],
]
const everywhere = [sessions, stateless].flatMap(era => bindings.map(([name, open]) => ({ era, name, open })))

describe.each(everywhere)('$era.name over $name', ({ era, name, open }) => {
  test.each(rows.filter(({ over = name }) => over === name))(
    'a call is answered with $name',
    async ({ says, gives, isOver }) => {
      await using stage = await open({ [era.hello]: [era.welcome], bad: says(era), 'tools/call': [era.pong] })
      const warnings: string[] = []
      await using client = await connect(stage.target, {
        ...era.options,
        timeoutMs: 20_000,
        onWarning: warning => warnings.push(warning),
      })
      const call = client.callTool('bad')
      if (typeof gives === 'string') expect(await call).toMatchObject(content(gives))
      else await expect(call).rejects.toThrow(gives)
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
      expect(Math.max(0, ...warnings.map(({ length }) => length))).toBeLessThan(1_000)
      if (isOver === true && name === 'stdio')
        await expect(client.callTool('good')).rejects.toMatchObject({ code: 'exited' })
      else expect(await client.callTool('good')).toMatchObject(content('pong'))
    },
  )

  test.each<[string, readonly Piece[], boolean]>([
    ['nothing but an end', [null], false],
    ['half a message and an end', [era.welcome.slice(0, 30), null], false],
    ['both result and error', [rpc({ id: '$ID', result: {}, error: { code: 1, message: 'x' } })], false],
    ['a version that nobody knows', [era.welcome.replace(/\d{4}-\d\d-\d\d/, '1999-12-31')], false],
    ['a result of another kind', [answer({ capabilities: 7 })], false],
    [
      'a flood first',
      [...times(5_000, notice('notifications/message', { level: 'info', data: 'x' })), era.welcome],
      true,
    ],
    ['garbage first', [1_000, '', 'Loading…', era.welcome], true],
    ['questions first', [...times(500, rpc({ id: 'q', method: 'roots/list' })), era.welcome], true],
    ['an answer twice', [era.welcome, era.welcome], true],
  ])('a handshake is answered with %s', async (_, says, isOpen) => {
    await using stage = await open({ [era.hello]: says, 'tools/call': [era.pong] })
    const opening = connect(stage.target, { ...era.options, connectMs: 20_000 })
    if (!isOpen) return expect(opening).rejects.toMatchObject({ name: 'ConnectError' })
    await using client = await opening
    expect(await client.callTool('good')).toMatchObject(content('pong'))
  })
})
