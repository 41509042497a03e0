import { createHash } from 'node:crypto'
import type { Client } from '@interlock/client'

interface SkillFile {
  readonly uri: string
  readonly digest: string
  readonly size: number
}

interface Skill {
  readonly uri: string
  readonly frontmatter: { readonly name: string; readonly description: string }
  readonly resources: readonly SkillFile[]
}

/** Loads a skill as a careful host does: nothing is used, or read on, that is not what the list said. */
export async function useSkill(client: Client): Promise<void> {
  const { skills } = (await client.request('skills/list')) as { skills: readonly Skill[] }
  for (const skill of skills) {
    const isSound = await verified(client, skill.resources, skill.uri, text => hasFrontmatter(text, skill))
    const next = skill.resources.find(({ uri }) => uri !== skill.uri)
    if (isSound && next !== undefined) await verified(client, skill.resources, next.uri)
  }
}

async function verified(
  client: Client,
  files: readonly SkillFile[],
  uri: string,
  isRight: (text: string) => boolean = () => true,
): Promise<boolean> {
  const listed = files.find(file => file.uri === uri)
  const [read] = (await client.readResource(uri)).contents
  if (listed === undefined || read === undefined) return false
  const bytes = 'text' in read ? Buffer.from(read.text) : Buffer.from(read.blob, 'base64')
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  return bytes.length === listed.size && digest === listed.digest && isRight(bytes.toString())
}

function hasFrontmatter(text: string, { frontmatter }: Skill): boolean {
  const lines = /^---\n([^]*?)\n---/.exec(text)?.[1]?.split('\n') ?? []
  return Object.entries(frontmatter).every(([key, value]) => lines.includes(`${key}: ${value}`))
}
