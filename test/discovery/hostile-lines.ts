import { lineMaker, logKinds } from '../bench/logs/lines.ts';

/** What is done to a line; the same for the same numbers. */
type Damage = (line: Buffer, next: (below: number) => number) => Buffer;

const deepJson = Buffer.from(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`);
const words = [
  '__proto__',
  'constructor',
  'toString',
  '\\u0000',
  '\\ud800',
  '1e999',
  '-0',
  'null',
  'NaN',
  '${x}',
  '%00',
];

/** Kinds of trouble that files have been seen with, and some that somebody may send to be logged. */
const damages: readonly Damage[] = [
  (line) => line,
  (line, next) => line.subarray(0, next(line.length + 1)),
  (line, next) => spliced(line, next, Buffer.from([0])),
  (line, next) => spliced(line, next, Buffer.from([0xe2, 0x82])),
  (line, next) => spliced(line, next, Buffer.from([next(256), next(256), next(256)])),
  (line, next) => spliced(line, next, Buffer.from(['"', '\\', '{', '[', ']', ',', ':'][next(7)] as string)),
  (line, next) => spliced(line, next, Buffer.from(words[next(words.length)] as string)),
  (line, next) => Buffer.from(line.toString('latin1').replace(/\d+/, '9'.repeat(1 + next(400))), 'latin1'),
  (line, next) => Buffer.from(line.toString('latin1').replaceAll('"', next(2) === 0 ? '' : '""'), 'latin1'),
  (line, next) =>
    Buffer.from(`{"__proto__":{"x":${next(9)}},"${words[next(words.length)]}":${line.toString('latin1')}`),
  (_, next) => Buffer.from(Array.from({ length: next(300) }, () => next(256))),
  (line, next) =>
    Buffer.concat([line, Buffer.from(next(2) === 0 ? '\r' : ' trailing'), Buffer.alloc(next(40), 0x41)]),
];

/**
 * The n-th line of a file full of trouble, without a newline: lines of all formats, most of them broken in one way, and
 * now and then one of a megabyte or of deep JSON.
 */
export function hostileLines(seed: number, longEvery: number): (n: number) => Buffer {
  let state = seed >>> 0;
  const next = (below: number): number =>
    ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 8) % below;
  const makers = [...logKinds.map(lineMaker), envoyLine, caddyLine];
  return (n) => {
    if (n % longEvery === longEvery - 1)
      return n % 2 === 0 ? deepJson : Buffer.alloc((1 << 20) - 1000 + next(2000), 0x7a);
    const line = Buffer.from((makers[next(makers.length)] as (n: number) => string)(n));
    const damage = damages[next(damages.length)] as Damage;
    // A newline within would make two lines of it, and the count would not come out.
    return withoutNewlines(damage(line, next));
  };
}

function spliced(line: Buffer, next: (below: number) => number, what: Buffer): Buffer {
  const at = next(line.length + 1);
  return Buffer.concat([line.subarray(0, at), what, line.subarray(at + next(3))]);
}

function withoutNewlines(line: Buffer): Buffer {
  if (!line.includes(0x0a)) return line;
  return Buffer.from(line.map((byte) => (byte === 0x0a ? 0x20 : byte)));
}

function envoyLine(n: number): string {
  return (
    `[2026-01-01T00:00:${String(n % 60).padStart(2, '0')}.000Z] "GET /users/${n % 300}?x=1 HTTP/2" 200 - 0 ${n % 9999} ` +
    `${n % 90} ${n % 80} "-" "curl/8" "${n.toString(16)}" "users" "10.4.0.${n % 9}:9080"`
  );
}

function caddyLine(n: number): string {
  return (
    `{"level":"info","ts":${1_767_225_600 + n / 2000},"logger":"http.log.access","msg":"handled request","request":` +
    `{"remote_ip":"10.5.0.${n % 200}","remote_port":"4000","method":"GET","uri":"/x/${n % 300}","headers":{"A":["\\"{"]}},` +
    `"duration":0.0${n % 100},"size":${n % 9999},"status":200}`
  );
}
