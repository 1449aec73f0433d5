import { expect, it } from 'vitest';
import { strangerNode } from './graph-node.ts';

it.each([
  ['api.one.com', 'api.one.com', 'external:api.one.com'],
  ['Contoso.Orders', 'contoso.orders', 'external:contoso.orders'],
  ['203.0.113.7', '203.0.113.7', 'external:203.0.113.7'],
  ['mail.shop.internal', 'mail', 'external:us1/mail.shop.internal'],
  ['10.0.0.5', '10.0.0.5', 'external:us1/10.0.0.5'],
])('what nobody claims has a name that tells it from others: %s', (host, name, id) => {
  expect(strangerNode({ kind: 'external', by: 'none' }, host, { location: 'us1' })).toMatchObject({
    id,
    name,
  });
});
