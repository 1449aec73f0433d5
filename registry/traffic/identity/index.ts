export { indexClaims, type ClaimIndex, type MemberInventory } from './claim-index.ts';
export { inForce, serviceId, type HostClaim, type ServiceClaim } from './claim.ts';
export { groupRuleOf, type GroupRule } from './group.ts';
export {
  hostId,
  matchCallee,
  matchCaller,
  matchPeer,
  type Match,
  type Rank,
  type Surroundings,
  type Viewer,
} from './match.ts';
