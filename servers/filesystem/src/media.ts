/** What the first bytes of a file say it is. */
export type Content =
  | { readonly kind: 'text' }
  | { readonly kind: 'image' | 'audio'; readonly mimeType: string }
  | { readonly kind: 'binary'; readonly what: string }

/** Bytes of a file's beginning that `contentOf` wants to see. */
export const headBytes = 8192

interface Signature {
  readonly kind: 'image' | 'audio' | 'binary'
  readonly type: string
  /** Offset and bytes, all of which must be there. Latin-1 text stands for its bytes. */
  readonly at: readonly (readonly [offset: number, bytes: string])[]
}

const signatures: readonly Signature[] = [
  { kind: 'image', type: 'image/png', at: [[0, '\x89PNG\r\n\x1a\n']] },
  { kind: 'image', type: 'image/jpeg', at: [[0, '\xff\xd8\xff']] },
  { kind: 'image', type: 'image/gif', at: [[0, 'GIF87a']] },
  { kind: 'image', type: 'image/gif', at: [[0, 'GIF89a']] },
  {
    kind: 'image',
    type: 'image/webp',
    at: [
      [0, 'RIFF'],
      [8, 'WEBP'],
    ],
  },
  { kind: 'image', type: 'image/avif', at: [[4, 'ftypavif']] },
  {
    kind: 'audio',
    type: 'audio/wav',
    at: [
      [0, 'RIFF'],
      [8, 'WAVE'],
    ],
  },
  { kind: 'audio', type: 'audio/flac', at: [[0, 'fLaC']] },
  { kind: 'audio', type: 'audio/ogg', at: [[0, 'OggS']] },
  { kind: 'audio', type: 'audio/mp4', at: [[4, 'ftypM4A']] },
  { kind: 'audio', type: 'audio/mpeg', at: [[0, 'ID3']] },
  { kind: 'audio', type: 'audio/mpeg', at: [[0, '\xff\xfb']] },
  { kind: 'audio', type: 'audio/mpeg', at: [[0, '\xff\xf3']] },
  { kind: 'binary', type: 'a PDF document', at: [[0, '%PDF-']] },
  { kind: 'binary', type: 'UTF-16 text', at: [[0, '\xff\xfe']] },
  { kind: 'binary', type: 'UTF-16 text', at: [[0, '\xfe\xff']] },
]

/** Tells text from images, sounds and other binary content by its first bytes; a file's name is not asked. */
export function contentOf(head: Uint8Array): Content {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1')
  const found = signatures.find(({ at }) => at.every(([offset, bytes]) => text.startsWith(bytes, offset)))
  if (found === undefined) return text.includes('\0') ? { kind: 'binary', what: 'binary content' } : { kind: 'text' }
  const { kind, type } = found
  return kind === 'binary' ? { kind, what: type } : { kind, mimeType: type }
}
