import { spawn } from 'node:child_process'

export interface BrowserOptions {
  readonly platform?: NodeJS.Platform
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Starts a program without a shell. False: it could not be started. */
  readonly start?: (command: string, args: readonly string[], environment: NodeJS.ProcessEnv) => Promise<boolean>
}

/**
 * Opens a URL in the person's browser; false when that can't be tried. Never throws, never goes through a shell, and hands
 * over the URL as the URL standard writes it, which no program takes for an option. Only http and https are opened.
 *
 * `BROWSER` is obeyed where it names one program (as containers of editors do) or is `none`; what would need a shell to
 * understand, as lists and placeholders, is left to the system's own opener.
 */
export async function openBrowser(url: string | URL, options: BrowserOptions = {}): Promise<boolean> {
  const { platform = process.platform, environment = process.env, start = started } = options
  const text = String(url)
  const target = URL.canParse(text) ? new URL(text) : undefined
  if (target === undefined || !/^https?:$/.test(target.protocol)) return false
  for (const [command, ...args] of openers(platform, environment)) {
    if (await start(command, [...args, target.href], withoutSecrets(environment))) return true
  }
  return false
}

type Opener = readonly [command: string, ...args: readonly string[]]

function openers(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
): readonly Opener[] {
  const browser = environment['BROWSER'] ?? ''
  if (browser === 'none') return []
  const chosen: readonly Opener[] = /^[^\s:%"'-][^\s:%"']*$/.test(browser) ? [[browser]] : []
  if (platform === 'win32') return [['rundll32', 'url.dll,FileProtocolHandler']]
  if (platform === 'darwin') return [...chosen, ['open']]
  if (environment['WSL_DISTRO_NAME']) return [...chosen, ['wslview'], ['xdg-open']]
  const hasScreen = Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY'])
  return hasScreen ? [...chosen, ['xdg-open']] : chosen
}

/** Variables of ours hold keys, which are no business of a browser. */
const withoutSecrets = (environment: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !name.toUpperCase().startsWith('INTERLOCK_')))

function started(command: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise(resolve => {
    try {
      const child = spawn(command, args, { env: environment, detached: true, stdio: 'ignore', shell: false })
      child.once('error', () => resolve(false))
      child.once('spawn', () => {
        child.unref()
        resolve(true)
      })
    } catch {
      resolve(false)
    }
  })
}
