import type { Adapter, AdapterPayload } from 'oidc-provider'

/** What a provider remembers, in memory: shared by the providers that follow each other on one address. */
export function memoryStore(): (model: string) => Adapter {
  const kept = new Map<string, AdapterPayload>()

  return model => {
    const keyOf = (id: string): string => `${model} ${id}`
    const where = (fits: (payload: AdapterPayload) => boolean): AdapterPayload | undefined =>
      [...kept].find(([key, payload]) => key.startsWith(`${model} `) && fits(payload))?.[1]
    return {
      upsert: async (id, payload) => void kept.set(keyOf(id), payload),
      find: async id => kept.get(keyOf(id)),
      findByUid: async uid => where(payload => payload.uid === uid),
      findByUserCode: async userCode => where(payload => payload.userCode === userCode),
      destroy: async id => void kept.delete(keyOf(id)),
      consume: async id => {
        const payload = kept.get(keyOf(id))
        if (payload !== undefined) payload['consumed'] = Math.floor(Date.now() / 1000)
      },
      revokeByGrantId: async grantId => {
        for (const [key, payload] of kept) if (payload.grantId === grantId) kept.delete(key)
      },
    }
  }
}
