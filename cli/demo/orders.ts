import { createCaller } from './call-json.ts';
import { createStockClient } from './stock-client.ts';
import { readOptions } from './read-options.ts';
import { runService } from './run-service.ts';
import { serveJson } from './serve-json.ts';

/** Takes the goods from stock, has them paid, and gives the order a number. */
runService(() => {
  const { listen, payments, stock } = readOptions('listen', 'payments', 'stock');
  const callPayments = createCaller(listen.host, payments);
  const askStock = createStockClient(listen.host, stock);
  let orders = 0;
  serveJson(listen, async ({ method, path, body }) => {
    if (method !== 'POST' || path !== '/orders') return { status: 404, body: { error: 'no such page' } };
    const { item } = body as { item: string };
    const left = await askStock(`TAKE ${item}`);
    const paid = await callPayments('POST', '/charges', { item, amount: 20 });
    return paid.status === 201 ? { status: 201, body: { order: ++orders, item, left } } : paid;
  });
});
