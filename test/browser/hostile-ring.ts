import type { OverviewAnswer } from '@netring/contract/overview';
import { member, overview, path } from './scripted-ring.ts';

/** HTML, bidirectional controls, emoji, ten thousand characters, right to left. */
export const hostileNames = [
  '<img src=x onerror=alert(1)>',
  '\u202eevil\u2066 bidi \u061c',
  '👩‍👩‍👧‍👦🔥'.repeat(12),
  'x'.repeat(10_000),
  '"><script>alert(1)</script><b class=evil>',
  'עברית مرحبا',
];

/** A ring in which every text from outside is hostile: HTML, bidirectional controls, ten thousand characters, emoji. */
export function hostileRing(): OverviewAnswer {
  const names = hostileNames;
  const members = names.map((name) =>
    member(`${name}-member`, name, {
      version: name,
      probes_off: [{ kind: 'icmp', reason: name }],
      external_targets: [{ name, kind: 'http', address: `https://${name}/` }],
    }),
  );
  const paths = names.flatMap((source) =>
    names.flatMap((target) => [
      path(source, target, 12, { reasons: [`${source} to ${target} lost a SYN`], state: 'degraded' }),
      path(source, target, 12, { target_kind: 'external', answering: false, reasons: [target] }),
    ]),
  );
  return overview(members, paths, {
    version: names[3] ?? '',
    store: { state: 'ok', since_ms: 0 },
  });
}
