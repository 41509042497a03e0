export {
  accounts,
  type LoginOptions,
  type LoginStatus,
  type LogoutResult,
  login,
  logout,
  statusOf,
} from './client/accounts.ts'
export { authorizationCode } from './client/authorization-code.ts'
export type {
  ClientRegistration,
  CredentialStore,
  Fetch,
  Grant,
  GrantCredentials,
  GrantRequest,
  Lack,
  Presence,
  Prover,
  Redirect,
  RegistrationNeeds,
  Step,
  Tokens,
  Waiting,
} from './client/contract.ts'
export { AuthorizationError } from './client/contract.ts'
export { type DpopAlgorithm, dpopAlgorithm, dpopAlgorithms, prover } from './client/dpop.ts'
export type { OnStep } from './client/flow.ts'
export { clientCredentials } from './client/grants/client-credentials.ts'
export type { ClientIdentity } from './client/grants/client-identity.ts'
export { deviceAuthorization } from './client/grants/device-authorization.ts'
export {
  type EnterpriseManagedOptions,
  enterpriseManaged,
  type IdentityProvider,
} from './client/grants/enterprise-managed.ts'
export { type AssertionAudience, type JwtBearerOptions, jwtBearer } from './client/grants/jwt-bearer.ts'
export { requestTokens } from './client/grants/token-request.ts'
export { identityOf, type LoginIdentity } from './client/identity.ts'
export { memoryStore } from './client/memory-store.ts'
export { authorizationErrorIn, oauth } from './client/oauth.ts'
export { type Program, programOf } from './client/program.ts'
export { isLoginKey } from './client/records.ts'
export type { PreRegistered } from './client/register.ts'
export type { OAuthOptions } from './client/settings.ts'
export type { UrlPolicy } from './client/url-policy.ts'
export { webFetch } from './client/web-fetch.ts'
export { type ResourceLimits, resourceLimits } from './resource/limits.ts'
export type {
  DpopOptions,
  IntrospectionOptions,
  IssuerOptions,
  MtlsOptions,
  ProtectOptions,
  ScopeOptions,
  StaticKey,
} from './resource/options.ts'
export { protect } from './resource/protect.ts'
export { memoryReplays, type ReplayStore } from './resource/replays.ts'
export { createToken, hashToken } from './resource/static-keys.ts'
