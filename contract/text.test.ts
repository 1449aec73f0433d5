import { describe, expect, test } from 'vitest';
import { instanceId, ipAddress, locationName, port, shortText } from './text.ts';

const messageOf = (parsed: { error?: { issues: { message: string }[] } | undefined }) =>
  parsed.error?.issues[0]?.message;

describe('a short text', () => {
  test.each(['us1', 'São Paulo', '東京', '<b>us1</b>', 'a b', '"; DROP', "o'clock", '🚀'])(
    'may be %s',
    (text) => {
      expect(shortText(64).parse(text)).toBe(text);
    },
  );

  test.each([
    ['nothing', '', 'must not be empty'],
    ['a line break', 'a\nb', 'must not contain control characters'],
    ['a zero byte', 'a\u0000b', 'must not contain control characters'],
    ['an escape sequence', '\u001b[31mred', 'must not contain control characters'],
    ['a C1 control', 'a\u009bb', 'must not contain control characters'],
    ['a delete', 'a\u007f', 'must not contain control characters'],
    ['a line separator', 'a\u2028b', 'must not contain control characters'],
    ['a bidirectional override', 'a\u202eb', 'must not contain control characters'],
    ['a bidirectional isolate', 'a\u2066b', 'must not contain control characters'],
    ['a leading space', ' a', 'must not begin or end with white space'],
    ['a trailing no-break space', 'a\u00a0', 'must not begin or end with white space'],
    ['too much', 'x'.repeat(65), 'must be at most 64 characters'],
  ])('may not be or hold %s', (_, text, message) => {
    expect(messageOf(shortText(64).safeParse(text))).toBe(message);
  });

  test('is as long as its kind allows', () => {
    expect(instanceId.safeParse('x'.repeat(128)).success).toBe(true);
    expect(instanceId.safeParse('x'.repeat(129)).success).toBe(false);
    expect(locationName.safeParse('x'.repeat(64)).success).toBe(true);
    expect(locationName.safeParse('x'.repeat(65)).success).toBe(false);
  });
});

describe('a port', () => {
  test.each([1, 80, 65535])('may be %i', (value) => {
    expect(port.parse(value)).toBe(value);
  });

  test.each([0, -1, 65536, 1.5, '80', null, true, Number.NaN, Infinity])('may not be %j', (value) => {
    expect(messageOf(port.safeParse(value))).toBe('must be a whole number from 1 to 65535');
  });
});

describe('an address', () => {
  test.each(['127.0.0.1', '::1', '2001:db8::1', '::ffff:192.0.2.1'])('may be %s', (text) => {
    expect(ipAddress.parse(text)).toBe(text);
  });

  test.each(['example.org', '256.1.1.1', '1.2.3', '127.0.0.1:80', '[::1]', '127.1', '0x7f.1', '', 1, null])(
    'may not be %j',
    (value) => {
      expect(messageOf(ipAddress.safeParse(value))).toBe('must be an IPv4 or IPv6 address');
    },
  );
});
