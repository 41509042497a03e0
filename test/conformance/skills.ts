import { createHash } from 'node:crypto'
import { type Call, complete, invalidParams, type Outcome } from '@interlock/protocol'
import { type Extension, type ResourceDefinition, resource } from '@interlock/server'

/** The skills extension: instructions that a host may load, with what belongs to them. */

const folder = 'skill://examples/pdf-forms'
const frontmatter = { name: 'pdf-forms', description: 'Fills in PDF forms.' }
const files = {
  'SKILL.md': `---\nname: ${frontmatter.name}\ndescription: ${frontmatter.description}\n---\n\n# PDF forms\n\nSee references/FORMS.md.\n`,
  'references/FORMS.md': '# Forms\n\nField by field.\n',
} as const

const sizeOf = (content: string): number => Buffer.byteLength(content)
const digestOf = (content: string): string => `sha256:${createHash('sha256').update(content).digest('hex')}`

const skill = {
  uri: `${folder}/SKILL.md`,
  frontmatter,
  resources: Object.entries(files).map(([path, content]) => ({
    uri: `${folder}/${path}`,
    digest: digestOf(content),
    size: sizeOf(content),
  })),
}

const cache = { ttlMs: 60_000, scope: 'public' } as const

async function get({ params }: Call): Promise<Outcome> {
  if (params['uri'] !== skill.uri) throw invalidParams('Unknown skill', { uri: params['uri'] })
  return complete({ skill }, cache)
}

async function list({ params }: Call): Promise<Outcome> {
  if (params['cursor'] !== undefined) throw invalidParams('Invalid cursor: start again without one')
  return complete({ skills: [skill] }, cache)
}

async function read({ params }: Call): Promise<Outcome> {
  const directory = (name: string) => ({ uri: `${folder}/${name}`, name, mimeType: 'inode/directory' })
  const file = (path: keyof typeof files) => ({
    uri: `${folder}/${path}`,
    name: path.split('/').at(-1),
    mimeType: 'text/markdown',
    size: sizeOf(files[path]),
  })
  switch (params['uri']) {
    case folder:
      return complete({ resources: [file('SKILL.md'), directory('references')] }, cache)
    case `${folder}/references`:
      return complete({ resources: [file('references/FORMS.md')] }, cache)
    default:
      throw invalidParams('No directory of this URI', { uri: params['uri'] })
  }
}

export const skills: { readonly extension: Extension; readonly resources: readonly ResourceDefinition[] } = {
  extension: {
    id: 'io.modelcontextprotocol/skills',
    settings: { directoryRead: true },
    methods: { 'skills/list': list, 'skills/get': get, 'resources/directory/read': read },
  },
  resources: Object.entries(files).map(([path, content]) =>
    resource(
      `${folder}/${path}`,
      {
        mimeType: 'text/markdown',
        size: sizeOf(content),
        ...(path === 'SKILL.md' ? frontmatter : { name: path, description: 'Belongs to the skill.' }),
      },
      () => content,
    ),
  ),
}
