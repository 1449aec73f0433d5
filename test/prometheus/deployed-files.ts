import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const deployment = new URL('../../deployment/', import.meta.url);

/** Where a file of `deployment/` is: `prometheus/alerts.yml`. */
export const deployedPath = (name: string) => fileURLToPath(new URL(name, deployment));

export const deployedText = (name: string) => readFileSync(deployedPath(name), 'utf8');

/**
 * A text with other words in it.
 *
 * @throws Error when one of them is not there: the file and its test have parted.
 */
export function reworded(text: string, words: readonly (readonly [from: string, to: string])[]): string {
  return words.reduce((now, [from, to]) => {
    if (!now.includes(from)) throw new Error(`there is no ${JSON.stringify(from)} in\n${text}`);
    return now.replaceAll(from, to);
  }, text);
}
