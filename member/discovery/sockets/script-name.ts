/** Programs that run what somebody else wrote: their own name says nothing. */
const interpreter =
  /^(?:node|nodejs|bun|deno|python[\d.]*|pypy[\d.]*|ruby[\d.]*|php[\d.]*|perl[\d.]*|java|tsx|uwsgi|beam\.smp)$/;
/** Names of scripts that say nothing: the folder's name is told instead. */
const plainScript = /^(?:index|main|server|app|start|run|__main__|cli|bin|manage|wsgi|asgi)$/i;
/** Folders that say nothing either: the one above is told. */
const plainFolder =
  /^(?:dist|build|src|lib|bin|out|app|target|usr|opt|srv|var|home|local|cmd|server|current|\.)$/i;
/** Options after which the next word belongs to them. */
const takesValue =
  /^(?:-r|--require|--import|--loader|--experimental-loader|-C|--conditions|-W|-X|-I|-cp|-classpath|--class-path|--module-path|--env-file|--title)$/;
const safeName = /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,63}$/u;

export function isInterpreter(executable: string): boolean {
  return interpreter.test(executable);
}

/**
 * The name of the script, package or class that an interpreter runs, of its command line: the script's file name without
 * its ending, unless that says nothing (`index`, `main`, `server`, `app` …); then its folder's, the next one up when that
 * says nothing either (`dist`, `src`, `lib` …). `-m package` is the package, `-jar x.jar` is `x`, a class is its last
 * part. `undefined` when there is none, such as with `-e code`. Nothing else of a command line is ever used: arguments
 * hold secrets.
 */
export function scriptName(commandLine: readonly string[]): string | undefined {
  const [, ...words] = commandLine;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    const next = words[at + 1];
    if (word === '-m' && next !== undefined) return named(next);
    if (word === '-jar' && next !== undefined) return named(lastPart(next));
    if (word === '-e' || word === '-c' || word === '--eval' || word === '-p' || word === '--print')
      return undefined;
    if (takesValue.test(word)) at++;
    else if (!word.startsWith('-')) return isClass(word) ? ofClass(word) : ofPath(word);
  }
  return undefined;
}

function isClass(word: string): boolean {
  return !word.includes('/') && /^[a-z][\w$]*(\.[\w$]+)*\.[A-Z][\w$]*$/.test(word);
}

function ofClass(name: string): string | undefined {
  const parts = name.split('.').reverse();
  return named(parts.find((part) => !plainScript.test(part) && part !== 'Application') ?? name);
}

/** Only what is certainly a file: a word may be the value of an option that is not known here, and a secret. */
function ofPath(path: string): string | undefined {
  const isFile = path.startsWith('/') || path.startsWith('./') || withoutEnding(path) !== path;
  if (!isFile || path.includes('://')) return undefined;
  const parts = path.split('/').filter((part) => part !== '');
  const script = withoutEnding(parts.pop() ?? '');
  if (!plainScript.test(script)) return named(script);
  const folder = parts.reverse().find((part) => !plainFolder.test(part) && part !== '..');
  return folder === undefined ? named(script) : named(folder);
}

function lastPart(path: string): string {
  return withoutEnding(path.slice(path.lastIndexOf('/') + 1));
}

function withoutEnding(name: string): string {
  return name.replace(/\.(?:[cm]?[jt]sx?|pyc?|rb|php|pl|jar|war|phar|par)$/i, '');
}

/** A name that could be one: anything else may be somebody's argument. */
function named(text: string): string | undefined {
  const name = text.split(':')[0] as string;
  return safeName.test(name) ? name : undefined;
}
