export { unprovedPerAddress } from './admission.ts';
export { createDirectory, externalTargetIds, type Directory, type Heard, type Known } from './directory.ts';
export type { MemberRecord } from './member-record.ts';
export { groups, movedAtMs } from './member-record.ts';
export { createMembership, type Membership, type Registered, type Spoken } from './membership.ts';
export { sameSecret, sessionHash } from './sessions.ts';
export { listenedMs } from './status.ts';
