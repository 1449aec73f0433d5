import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { App } from './context.ts';

interface StaticFile {
  bytes: Buffer<ArrayBuffer>;
  type: string;
  etag: string;
  /** Vite names what is under `assets/` by its content. */
  immutable: boolean;
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
};

/** Reads the built dashboard into memory: what is not in the list is not served, so no path can lead out of it. */
export function readDashboard(folder: string): Map<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const full = join(entry.parentPath, entry.name);
    const path = `/${relative(folder, full).split(sep).join('/')}`;
    const bytes = readFileSync(full);
    files.set(path === '/index.html' ? '/' : path, {
      bytes,
      type: types[extname(entry.name)] ?? 'application/octet-stream',
      etag: `"${createHash('sha256').update(bytes).digest('hex').slice(0, 24)}"`,
      immutable: path.startsWith('/assets/'),
    });
  }
  return files;
}

/** `GET /` and what the page needs. */
export function dashboardRoutes(app: App, files: ReadonlyMap<string, StaticFile>): void {
  for (const [path, file] of files) {
    app.get(path, (c) => {
      const headers = {
        'content-type': file.type,
        etag: file.etag,
        'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      };
      if (c.req.header('if-none-match') === file.etag) return c.body(null, 304, headers);
      return c.body(file.bytes, 200, headers);
    });
  }
}
