import { register } from 'node:module';

// For `node --import`: runs our TypeScript as it is, so that no stale build can pass a test that needs a process.
register('./load-source.js', import.meta.url);
