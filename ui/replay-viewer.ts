import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build, type InlineConfig, type Plugin } from 'vite';
import { dataPlace } from './src/replay/viewer-page.ts';

/** What a build gives, as far as it is needed here. */
interface Output {
  output: (
    { type: 'chunk'; code: string } | { type: 'asset'; fileName: string; source: string | Uint8Array }
  )[];
}

/**
 * Builds the viewer of replays beside the dashboard: one page with script and style in it and a place for a recording, so
 * that a replay opens from a disk, where no page may fetch another file. Its policy allows just these two, by their hash.
 */
export function replayViewer(config: InlineConfig): Plugin {
  return {
    name: 'netring-replay-viewer',
    apply: 'build',
    async generateBundle() {
      const { script, style } = await builtPage(config);
      this.emitFile({ type: 'asset', fileName: 'replay/viewer.html', source: pageOf(script, style) });
    },
  };
}

async function builtPage(config: InlineConfig): Promise<{ script: string; style: string }> {
  const built = (await build({
    ...config,
    configFile: false,
    root: fileURLToPath(new URL('.', import.meta.url)),
    publicDir: false,
    logLevel: 'warn',
    build: {
      ...config.build,
      write: false,
      cssCodeSplit: false,
      rolldownOptions: {
        input: fileURLToPath(new URL('src/replay/main.ts', import.meta.url)),
        output: { codeSplitting: false },
      },
    },
  })) as Output | Output[];
  const parts = [built].flat().flatMap(({ output }) => output);
  const script = parts.map((one) => (one.type === 'chunk' ? one.code : '')).join('\n');
  const style = parts
    .map((one) => (one.type === 'asset' && one.fileName.endsWith('.css') ? String(one.source) : ''))
    .join('\n');
  return { script, style };
}

/** Every `<` that could begin something in a script, written otherwise: in a text and in an expression it stays the same. */
function inScript(code: string): string {
  return code.replace(/<(?=\/script|script|!--)/gi, '\\x3c');
}

function pageOf(script: string, style: string): string {
  const [code, rules] = [`\n${inScript(script)}\n`, `\n${style.replace(/<\//g, '<\\/')}\n`];
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(code)}'`,
    `style-src '${hashOf(rules)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return [
    '<!doctype html>',
    '<html lang="en"><head>',
    '<meta charset="utf-8" />',
    `<meta http-equiv="content-security-policy" content="${policy}" />`,
    '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />',
    '<meta name="color-scheme" content="dark light" />',
    '<meta name="referrer" content="no-referrer" />',
    '<title>Netring replay</title>',
    `<style>${rules}</style>`,
    '</head><body>',
    '<div id="app"></div>',
    '<noscript>This replay of a Netring dashboard needs JavaScript.</noscript>',
    dataPlace,
    `<script type="module">${code}</script>`,
    '</body></html>',
    '',
  ].join('\n');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
