import { expect, it } from 'vitest';
import { describeConditions, parseCommand, type Command } from './command.ts';

const link = { a: 'us1', b: 'eu1', name: undefined, towards: undefined };

it.each<[line: string, command: Command]>([
  ['', { kind: 'nothing' }],
  [' quit ', { kind: 'quit' }],
  ['cut us1 eu1', { kind: 'set', link, change: { cut: true } }],
  ['cut us1 eu1 to eu1', { kind: 'set', link: { ...link, towards: 'eu1' }, change: { cut: true } }],
  ['heal us1 eu1 link upper', { kind: 'heal', link: { ...link, name: 'upper' } }],
  ['delay us1 eu1 80', { kind: 'set', link, change: { delayMs: 80 } }],
  ['loss us1 eu1 0.1 to us1', { kind: 'set', link: { ...link, towards: 'us1' }, change: { lossRatio: 0.1 } }],
  ['rate us1 eu1 off', { kind: 'set', link, change: { rateMbit: null } }],
  ['exec us1 ping -c3 eu1 | tail -1', { kind: 'exec', host: 'us1', script: 'ping -c3 eu1 | tail -1' }],
  ['expose us1 8080', { kind: 'expose', host: 'us1', port: 8080 }],
  ['cut us1', { kind: 'wrong', reason: 'expected: cut A B [to END] [link NAME]' }],
  ['cut us1 eu1 now', { kind: 'wrong', reason: 'expected: cut A B [to END] [link NAME]' }],
  ['delay us1 eu1', { kind: 'wrong', reason: 'expected: delay A B VALUE [to END] [link NAME]' }],
  ['exec us1', { kind: 'wrong', reason: 'expected: exec HOST COMMAND' }],
  ['expose us1 http', { kind: 'wrong', reason: 'expected: expose HOST PORT' }],
  ['toString us1 eu1', { kind: 'wrong', reason: 'no command is named toString; "help" lists them' }],
])('"%s" is understood', (line, command) => {
  expect(parseCommand(line)).toEqual(command);
});

it('describes conditions in a few words', () => {
  const plain = { delayMs: 20, jitterMs: 0, lossRatio: 0, rateMbit: null, queueBytes: 64_000, cut: false };
  expect(describeConditions({ ...plain, lossyFlows: null })).toBe('20 ms');
  expect(describeConditions({ ...plain, cut: true, lossyFlows: null })).toBe('cut');
  const lossyFlows = { of: 4, index: 0, lossRatio: 0.3 };
  expect(describeConditions({ ...plain, jitterMs: 2, lossRatio: 0.001, rateMbit: 10, lossyFlows })).toBe(
    '20 ms ± 2 ms, 10 Mbit/s, 0.1 % loss, 30 % loss on 1 of 4 flows',
  );
});
