import { createCaller } from './call-json.ts';
import { readOptions } from './read-options.ts';
import { logAnswered } from './request-log.ts';
import { runService } from './run-service.ts';
import { serveJson, type JsonAnswer, type JsonQuestion } from './serve-json.ts';

/** The shop's front: takes what customers want, and has it ordered. */
runService(() => {
  const { listen, orders } = readOptions('listen', 'orders');
  const callOrders = createCaller(listen.host, orders);
  const sell = async ({ method, path, body }: JsonQuestion): Promise<JsonAnswer> => {
    if (method === 'POST' && path === '/checkout') return callOrders('POST', '/orders', body as object);
    if (path === '/health') return { status: 200, body: { status: 'healthy' } };
    return { status: 404, body: { error: 'no such page' } };
  };
  serveJson(listen, sell, logAnswered);
});
