/** Access tokens of the issuer that the environment names, as a server asks for them; all else is at its default. */
import { protect } from '@interlock/auth'

const { ISSUER: issuer, JWKS_URI: jwksUri, DPOP } = process.env

/** One client sends more proofs in a second than `proofsPerSubject` allows in twelve: every one is remembered still. */
const limits = { proofs: 5_000_000, proofsPerSubject: 5_000_000 }

export const auth = resource =>
  protect({ issuer, jwksUri, resource, audience: 'bench', ...(DPOP && { dpop: 'require', limits }) })
