import {
  type ChangeBus,
  type Cursors,
  changeBus,
  clip,
  invalidParams,
  type Prompt,
  type Resource,
  type ResourceTemplate,
  type ServerCapabilities,
  type Tool,
  tasksExtension,
} from '@interlock/protocol'
import { List } from './list.ts'
import type { PromptDefinition } from './prompt.ts'
import type { ResourceDefinition, TemplateDefinition } from './resource.ts'
import type { ToolDefinition } from './tool.ts'

export type Primitive = ToolDefinition | ResourceDefinition | TemplateDefinition | PromptDefinition

/** The primitives of one server. Says so when they change. */
export class Registry {
  readonly tools: List<ToolDefinition, Tool>
  readonly resources: List<ResourceDefinition, Resource>
  readonly templates: List<TemplateDefinition, ResourceTemplate>
  readonly prompts: List<PromptDefinition, Prompt>
  readonly changes: ChangeBus = changeBus()

  constructor(cursors: Cursors) {
    this.tools = new List('tools', ({ tool }) => tool, cursors)
    this.resources = new List('resources', ({ resource }) => resource, cursors)
    this.templates = new List('resourceTemplates', ({ template }) => template, cursors)
    this.prompts = new List('prompts', ({ prompt }) => prompt, cursors)
  }

  /** @throws TypeError when there is one of that name already. */
  add(primitive: Primitive): void {
    switch (primitive.kind) {
      case 'tool':
        this.tools.add(primitive.name, primitive)
        break
      case 'resource':
        this.resources.add(primitive.resource.uri, primitive)
        break
      case 'template':
        this.templates.add(primitive.template.uriTemplate, primitive)
        break
      case 'prompt':
        this.prompts.add(primitive.prompt.name, primitive)
        break
    }
    this.#published(primitive)
  }

  /** Does nothing when it is not there. */
  remove(primitive: Primitive): void {
    const removed =
      this.tools.remove(primitive) ||
      this.resources.remove(primitive) ||
      this.templates.remove(primitive) ||
      this.prompts.remove(primitive)
    if (removed) this.#published(primitive)
  }

  get offersResources(): boolean {
    return this.resources.isOffered || this.templates.isOffered
  }

  capabilities(): ServerCapabilities {
    const { tools, prompts, templates } = this
    const completes = [...prompts.values(), ...templates.values()].some(
      ({ complete }) => Object.keys(complete).length > 0,
    )
    const hasTasks = [...tools.values()].some(tool => tool.hasTasks)
    return {
      logging: {},
      ...(tools.isOffered ? { tools: { listChanged: true } } : {}),
      ...(prompts.isOffered ? { prompts: { listChanged: true } } : {}),
      ...(this.offersResources ? { resources: { listChanged: true, subscribe: true } } : {}),
      ...(completes ? { completions: {} } : {}),
      ...(hasTasks ? { extensions: { [tasksExtension]: {} } } : {}),
    }
  }

  tool(name: string): ToolDefinition {
    const found = this.tools.get(name)
    if (found === undefined) throw invalidParams(`Unknown tool: ${clip(name)}`, this.tools.hint(name))
    return found
  }

  prompt(name: string): PromptDefinition {
    const found = this.prompts.get(name)
    if (found === undefined) throw invalidParams(`Unknown prompt: ${clip(name)}`, this.prompts.hint(name))
    return found
  }

  #published(primitive: Primitive): void {
    const kind = { tool: 'tools', prompt: 'prompts', resource: 'resources', template: 'resources' } as const
    this.changes.publish({ kind: kind[primitive.kind] })
  }
}
