/** A call that cannot be done, said to the model: what failed and what to do next. Names no path it did not give. */
export class Refusal extends Error {
  override readonly name: string = 'Refusal'
}

/** Runs `work` on what the model called `path` and turns errors of the file system into refusals. */
export async function explained<Answer>(path: string, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work()
  } catch (error) {
    const sentence = sentences[errorCode(error) ?? '']
    throw sentence === undefined ? error : new Refusal(sentence(quoted(path)), { cause: error })
  }
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** A path as the model gave it, safe to repeat in a sentence. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text)
}

const missing = (path: string): string => `nothing exists at ${path}; look around with list_directory`
const denied = (path: string): string => `the system does not permit this on ${path}`

const sentences: Record<string, (path: string) => string> = {
  ENOENT: missing,
  ENOTDIR: path => `a part of ${path} is a file, not a folder; look around with list_directory`,
  EISDIR: path => `${path} is a folder; use list_directory`,
  EACCES: denied,
  EPERM: denied,
  EROFS: path => `${path} is on a read-only file system`,
  ENOSPC: path => `there is no space left to write ${path}`,
  EDQUOT: path => `there is no space left to write ${path}`,
  ENAMETOOLONG: path => `a name in ${path} is too long`,
  EINVAL: path => `${path} cannot be opened under that name; look around with list_directory`,
  ELOOP: path => `${path} changed while it was opened; try again`,
  ESTALE: path => `${path} changed while it was opened; try again`,
  EMFILE: path => `too many files are open to reach ${path}; try again`,
  ENFILE: path => `too many files are open to reach ${path}; try again`,
}
