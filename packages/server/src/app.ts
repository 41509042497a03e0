import { type CacheHint, isObject, type Meta, type Peer } from '@interlock/protocol'
import { type ResourceDefinition, resource } from './resource.ts'

/** The extension for interactive views inside a host (MCP Apps, SEP-1865). */
export const appsExtension = 'io.modelcontextprotocol/ui'

/** The type of a view's document. */
export const appMimeType = 'text/html;profile=mcp-app'

/** Origins that a view may use; what is left out it may not do. */
export interface AppOrigins {
  /** For fetch, XHR and WebSocket. */
  readonly connectDomains?: readonly string[]
  /** For scripts, styles, images, fonts and media. */
  readonly resourceDomains?: readonly string[]
  /** For frames inside of the view. */
  readonly frameDomains?: readonly string[]
  /** For the document's base URI. */
  readonly baseUriDomains?: readonly string[]
}

export interface AppOptions {
  readonly name?: string
  readonly title?: string
  readonly description?: string
  /** The whole document, or what makes it whenever it is read. The host shows it in a sandbox. */
  readonly html: string | (() => string | Promise<string>)
  readonly csp?: AppOrigins
  /** What the view asks of the browser. The host decides. */
  readonly permissions?: readonly ('camera' | 'microphone' | 'geolocation' | 'clipboardWrite')[]
  /** An origin of its own, in the form that the host documents. */
  readonly domain?: string
  /** Whether the host should draw a border around it. Default: as the host likes. */
  readonly prefersBorder?: boolean
  /** How long hosts may keep the document. Default: not at all. */
  readonly cache?: CacheHint
}

/** A view: a resource that hosts show when a tool that belongs to it is called. */
export interface AppDefinition extends ResourceDefinition {
  /**
   * The `_meta` of a tool whose results this view shows.
   * @param visibility who may call the tool. Default: both the model and views.
   */
  tool(visibility?: readonly ('model' | 'app')[]): Meta
}

/**
 * An interactive view of a tool's results, shown inside the conversation by hosts that can (MCP Apps). Other hosts show
 * the tool's `content`, so keep that worth reading.
 * @param uri `ui://…`
 * @example
 * const chart = app('ui://sales/chart', { html: '<!doctype html>…' })
 * const sales = tool('sales', { _meta: chart.tool() }, () => ({ total: 3 }))
 * server({ name: 'sales', version: '1.0.0', tools: [sales], resources: [chart] })
 * @throws TypeError for a URI of another scheme
 */
export function app(uri: string, options: AppOptions): AppDefinition {
  if (!/^ui:\/\/./.test(uri)) throw new TypeError(`app "${uri}" needs a URI such as ui://weather/view`)
  const { html, csp, permissions, domain, prefersBorder, ...described } = options
  const settings = {
    ...(csp === undefined ? {} : { csp }),
    ...(permissions === undefined ? {} : { permissions: Object.fromEntries(permissions.map(name => [name, {}])) }),
    ...(domain === undefined ? {} : { domain }),
    ...(prefersBorder === undefined ? {} : { prefersBorder }),
  }
  const meta = Object.keys(settings).length === 0 ? {} : { _meta: { ui: settings } }
  const view = resource(uri, { ...described, ...meta, mimeType: appMimeType }, async () => ({
    uri,
    mimeType: appMimeType,
    text: typeof html === 'string' ? html : await html(),
    ...meta,
  }))
  return {
    ...view,
    tool: visibility => ({ ui: { resourceUri: uri, ...(visibility === undefined ? {} : { visibility }) } }),
  }
}

/** Whether the caller's host shows views, so that a tool may say less in text. */
export function showsApps({ capabilities }: Peer): boolean {
  const settings: unknown = capabilities.extensions?.[appsExtension]
  if (!isObject(settings)) return false
  const types = settings['mimeTypes']
  return Array.isArray(types) && types.includes(appMimeType)
}
