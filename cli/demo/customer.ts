import { createCaller } from './call-json.ts';
import { readOptions } from './read-options.ts';
import { runService } from './run-service.ts';

const items = ['umbrella', 'kettle', 'lamp', 'atlas'];
/** About five purchases a second, never in step with anything that is measured. */
const pauseMs = { least: 100, more: 200 };
/** Impatience has a bound: while the shop hangs, nobody new comes in. */
const purchasesAtOnce = 10;

/** Buys one thing after the other. */
runService(() => {
  const { from, web } = readOptions('from', 'web');
  const callWeb = createCaller(from.host, web);
  let underWay = 0;
  const buy = async () => {
    underWay += 1;
    try {
      await callWeb('POST', '/checkout', { item: items[Math.floor(Math.random() * items.length)] });
    } catch {
      // A shop that is down loses a sale, and the customer tries again.
    } finally {
      underWay -= 1;
    }
  };
  const next = () => {
    if (underWay < purchasesAtOnce) void buy();
    setTimeout(next, pauseMs.least + Math.random() * pauseMs.more);
  };
  next();
});
