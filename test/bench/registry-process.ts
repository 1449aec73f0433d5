import { runRegistry } from '@netring/registry/main';

/** A program: a registry with the environment that stands in its first argument, as JSON, and no other. */
await runRegistry({ environment: JSON.parse(process.argv[2] ?? '{}') as Record<string, string> });
