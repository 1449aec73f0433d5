import type { Lease } from '../store.ts';
import { fenceKey, leaseKey } from './keys.ts';
import type { Link } from './link.ts';
import { runScript, script } from './script.ts';

const acquireScript = script(`
local names = #KEYS - 1
for i = 1, names do
  local holder = redis.call('GET', KEYS[i])
  if holder and holder ~= ARGV[1] then return false end
end
local time = redis.call('TIME')
local last = tonumber(redis.call('GET', KEYS[names + 1]) or '0')
local fence = math.max(last + 1, time[1] * 1000000 + time[2])
redis.call('SET', KEYS[names + 1], string.format('%.0f', fence))
for i = 1, names do redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2]) end
return string.format('%.0f', fence)
`);

const renewScript = script(`
for i = 1, #KEYS do
  if redis.call('GET', KEYS[i]) ~= ARGV[1] then return 0 end
end
for i = 1, #KEYS do redis.call('PEXPIRE', KEYS[i], ARGV[2]) end
return 1
`);

const releaseScript = script(`
for i = 1, #KEYS do
  if redis.call('GET', KEYS[i]) == ARGV[1] then redis.call('DEL', KEYS[i]) end
end
return 1
`);

/** A name that is held is a key that holds its holder and expires. The last fence is one for all names. */
export function redisLease(link: Link): Lease {
  return {
    async acquire(names, holder, ttlMs) {
      const keys = [...names.map(leaseKey), fenceKey];
      const fence = await runScript(link, acquireScript, keys, [holder, Math.ceil(ttlMs)]);
      return fence === null ? undefined : { fence: Number(fence) };
    },
    async renew(names, holder, ttlMs) {
      return (await runScript(link, renewScript, names.map(leaseKey), [holder, Math.ceil(ttlMs)])) === 1;
    },
    async release(names, holder) {
      await runScript(link, releaseScript, names.map(leaseKey), [holder]);
    },
  };
}
