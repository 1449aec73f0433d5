import { expect, test } from 'vitest';
import { attempt } from './attempt.ts';

test('what cannot be sent at all is a failure that tells no password', async () => {
  // Nothing is sent: the password is no basic authentication.
  expect(await attempt({ url: new URL('http://ops:secret%@127.0.0.1:9/') }, { body: '{}' })).toEqual({
    outcome: 'away',
    error: 'it cannot be sent (URIError)',
  });
});
