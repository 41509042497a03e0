import { throughGateway } from './support/through-gateway.ts'

throughGateway('stdio')
