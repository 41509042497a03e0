export const description: Readonly<Record<'add' | 'echo' | 'text10k' | 'steps', string>>
export const text10k: string
