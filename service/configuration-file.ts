import { isMap, isScalar, LineCounter, parseDocument, type Document, type YAMLMap } from 'yaml';

/** One value of a YAML file, with the place it stands at. */
export interface FileValue {
  /** Dotted path, `member.checks.tcp_timeout`. */
  path: string;
  value: unknown;
  /** `line 3, column 5`. */
  place: string;
}

/** The values of a YAML file, flattened to dotted paths as far as `known` paths reach; null values are left out. */
export function readConfigurationFile(
  text: string,
  isKnown: (path: string) => boolean,
): { values: FileValue[]; problems: string[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number | undefined) => {
    const position = lines.linePos(offset ?? 0);
    return `line ${position.line}, column ${position.col}`;
  };
  if (document.errors.length > 0) {
    return { values: [], problems: document.errors.map((error) => `${at(error.pos[0])}: ${error.message}`) };
  }
  const values: FileValue[] = [];
  if (document.contents === null) return { values, problems: [] };
  if (!isMap(document.contents)) return { values, problems: [`${at(0)}: must be a map of keys`] };
  flatten(document, document.contents, '', isKnown, at, values);
  return { values, problems: [] };
}

function flatten(
  document: Document,
  map: YAMLMap,
  prefix: string,
  isKnown: (path: string) => boolean,
  at: (offset: number | undefined) => string,
  into: FileValue[],
): void {
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '?';
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const node = pair.value as {
      toJS?: (document: Document) => unknown;
      range?: [number, number, number];
    } | null;
    if (isMap(node) && !isKnown(path)) {
      flatten(document, node, path, isKnown, at, into);
      continue;
    }
    const value: unknown = node?.toJS?.(document) ?? null;
    const keyNode = pair.key as { range?: [number, number, number] };
    if (value !== null) into.push({ path, value, place: at(keyNode.range?.[0]) });
  }
}
