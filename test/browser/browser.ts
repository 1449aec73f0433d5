import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What a browser test can run on, or why it cannot. */
export type Chromium = { kind: 'found'; path: string } | { kind: 'missing'; reason: string };

interface PackagedChromium {
  default: { executablePath(): Promise<string> };
}

/** Debian's chromium, else the one from npm when somebody installed it. */
export async function findChromium(): Promise<Chromium> {
  for (const path of ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']) {
    if (existsSync(path)) return { kind: 'found', path };
  }
  const name = '@sparticuz/chromium';
  try {
    const packaged = (await import(name)) as PackagedChromium;
    return { kind: 'found', path: await packaged.default.executablePath() };
  } catch {
    return { kind: 'missing', reason: `no chromium: install the Debian package chromium, or npm's ${name}` };
  }
}

/** Starts a browser with a profile of its own, which goes when it is closed. */
export async function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: flags, headless: true });
}
