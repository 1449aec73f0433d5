export type { GraphNode } from './graph-node.ts';
export { createProofs, isOpen, type Proofs } from './proofs.ts';
export {
  createResolver,
  type EndHost,
  type Recognised,
  type ResolvedRow,
  type Resolver,
} from './resolver.ts';
export type { MadeRows } from './rows.ts';
export { sameEnd } from './same.ts';
