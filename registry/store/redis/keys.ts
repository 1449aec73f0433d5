/**
 * Where things are in Redis. The hash tag names the shard: everything of one shard lands in one slot of a Redis
 * Cluster, so that one script may touch all of it. There is one shard so far.
 */
const prefix = 'netring:{0}:';

export const tableKey = (group: string): string => `${prefix}table:${group}`;
export const logKey = (log: string): string => `${prefix}log:${log}`;
export const leaseKey = (name: string): string => `${prefix}lease:${name}`;

/** The last fence that was granted, whatever for. */
export const fenceKey = `${prefix}fence`;
export const generationKey = `${prefix}generation`;
