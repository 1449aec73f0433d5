import type { Change, Committed } from '../store.ts';
import { logKey, tableKey } from './keys.ts';
import type { Link } from './link.ts';
import { runScript, script } from './script.ts';

/**
 * `KEYS` holds one key per step of the change, in the order require, newer, put, remove, stamp, append. `ARGV` starts
 * with how many there are of each, then has the arguments of each step in that order (see `encode`).
 *
 * Old entries of the log are looked for once a millisecond, by the first entry in it: that call costs a seventh of all.
 */
const commitScript = script(`
local requires, newers, puts = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local removes, stamps, appends = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local k, a = 0, 6
local call = redis.call

local function put(key, field, value, ttl)
  call('HSET', key, field, value)
  if ttl ~= '' then call('PEXPIRE', key, ttl) end
end

for i = 1, requires do
  local found = call('HGET', KEYS[i], ARGV[a + 1])
  if (found and '=' .. found or '') ~= ARGV[a + 2] then return { 'refused', i - 1, found } end
  a = a + 2
end
k = requires

local time = call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))

if newers == 1 then
  k = k + 1
  local last = tonumber(call('HGET', KEYS[k], ARGV[a + 1]) or '-1') or -1
  if tonumber(ARGV[a + 2]) <= last then return { 'old', now } end
end
for i = 1, newers + puts do
  if i > newers then k = k + 1 end
  put(KEYS[k], ARGV[a + 1], ARGV[a + 2], ARGV[a + 3])
  a = a + 3
end
for i = 1, removes do
  k, a = k + 1, a + 1
  call('HDEL', KEYS[k], ARGV[a])
end
for i = 1, stamps do
  k, a = k + 1, a + 1
  call('HSET', KEYS[k], ARGV[a], now)
end

local id = '0-0'
if appends == 1 then
  local key = KEYS[k + 1]
  id = call('XADD', key, 'MAXLEN', '~', ARGV[a + 2], '*', 'v', ARGV[a + 1])
  if string.sub(id, -2) == '-0' then
    call('XTRIM', key, 'MINID', '~', string.format('%.0f', now - ARGV[a + 3]))
  end
end
return { 'done', now, id }
`);

export async function commit(link: Link, change: Change): Promise<Committed> {
  const { keys, values } = encode(change);
  // Reports come by the thousand, and nobody waits for the answer to one.
  return decode(await runScript(link, commitScript, keys, values, change.newer !== undefined));
}

function encode({ require = [], newer, put = [], remove = [], stamp = [], append }: Change) {
  const newers = newer === undefined ? 0 : 1;
  const appends = append === undefined ? 0 : 1;
  const keys: string[] = [];
  const values: (string | Buffer)[] = [
    require.length,
    newers,
    put.length,
    remove.length,
    stamp.length,
    appends,
  ].map(String);
  for (const { group, key, equals } of require) {
    keys.push(tableKey(group));
    values.push(key, equals === undefined ? '' : `=${equals}`);
  }
  if (newer !== undefined) {
    keys.push(tableKey(newer.group));
    values.push(newer.key, String(newer.order), ttlText(newer.ttlMs));
  }
  for (const { group, key, value, ttlMs } of put) {
    keys.push(tableKey(group));
    values.push(key, bytes(value), ttlText(ttlMs));
  }
  for (const { group, key } of [...remove, ...stamp]) {
    keys.push(tableKey(group));
    values.push(key);
  }
  if (append !== undefined) {
    keys.push(logKey(append.log));
    values.push(bytes(append.value), String(append.bound.entries), String(append.bound.ageMs));
  }
  return { keys, values };
}

const ttlText = (ttlMs: number | undefined): string => (ttlMs === undefined ? '' : String(Math.ceil(ttlMs)));

/** A view of the same bytes: the client takes strings and Buffers, and would spell out anything else. */
function bytes(value: Uint8Array | string): string | Buffer {
  if (typeof value === 'string' || Buffer.isBuffer(value)) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** The script answers one of three lists, `Committed` in its order. */
function decode(reply: unknown): Committed {
  const [outcome, first, second] = reply as [Committed['outcome'], string | number, string | null];
  switch (outcome) {
    case 'done':
      return { outcome, nowMs: Number(first), logId: second ?? '0-0' };
    case 'refused':
      return { outcome, failed: Number(first), found: second ?? undefined };
    case 'old':
      return { outcome, nowMs: Number(first) };
  }
}
