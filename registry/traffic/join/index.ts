export type { GraphNode } from './graph-node.ts';
export { createProofs, type Proofs } from './proofs.ts';
export {
  createResolver,
  type EndHost,
  type Recognised,
  type ResolvedRow,
  type Resolver,
} from './resolver.ts';
