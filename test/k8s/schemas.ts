import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type ts from 'typescript';
import { nameOf, type Manifest } from './manifest.ts';

const folder = fileURLToPath(new URL('./schemas/', import.meta.url));
const packages = join(folder, 'node_modules');

/** Whether `npm test` has fetched the schemas. */
export function schemasAreThere(): boolean {
  return existsSync(join(packages, 'kubernetes-models/package.json'));
}

/** Names and versions of the packages, for whoever reads the output of the tests. */
export function schemaVersions(): string {
  return ['kubernetes-models', '@kubernetes-models/prometheus-operator']
    .map((name) => {
      const { version } = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8')) as {
        version: string;
      };
      return `${name} ${version}`;
    })
    .join(', ');
}

function moduleOf({ apiVersion, kind }: Manifest): string {
  const home = apiVersion.startsWith('monitoring.coreos.com/')
    ? '@kubernetes-models/prometheus-operator'
    : 'kubernetes-models';
  return `${home}/${apiVersion}/${kind}`;
}

/** What the OpenAPI schemas have against objects: types, missing fields, values that are not allowed. */
export async function againstSchemas(objects: readonly Manifest[]): Promise<string[]> {
  const problems: string[] = [];
  for (const one of objects) {
    const file = join(packages, `${moduleOf(one)}.js`);
    if (!existsSync(file)) {
      problems.push(`${nameOf(one)}: no schema of ${one.apiVersion}`);
      continue;
    }
    const module = (await import(file)) as Record<string, new (data: Manifest) => { validate(): void }>;
    const Model = module[one.kind] as new (data: Manifest) => { validate(): void };
    try {
      new Model(unwrapped(one)).validate();
    } catch (error) {
      problems.push(`${nameOf(one)}: ${(error as Error).message}`);
    }
  }
  return problems;
}

/** kustomize breaks long values of a Secret into lines; the API server passes over the breaks, the schema does not. */
function unwrapped(one: Manifest): Manifest {
  if (one.kind !== 'Secret' || one.data === undefined) return one;
  const data = Object.entries(one.data).map(([key, text]) => [key, text.replaceAll('\n', '')] as const);
  return { ...one, data: Object.fromEntries(data) };
}

/**
 * What the API server's strict check would have against them, fields that nobody knows above all: a slip of the pen that
 * schemas let pass. The types of the same packages know all fields.
 */
export function againstTypes(objects: readonly Manifest[]): string[] {
  const compiler = createRequire(import.meta.url)('typescript') as typeof ts;
  const file = join(folder, 'objects.ts');
  const text = objects
    .map((one, at) => {
      const type = `import('${moduleOf(one)}').I${one.kind}`;
      return `export const object${at}: ${type} = ${JSON.stringify(one)};`;
    })
    .join('\n');
  const options: ts.CompilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    types: [],
    lib: ['lib.es2022.d.ts'],
    target: compiler.ScriptTarget.ES2022,
    module: compiler.ModuleKind.ESNext,
    moduleResolution: compiler.ModuleResolutionKind.Bundler,
  };
  const host = compiler.createCompilerHost(options);
  const onDisk = { ...host };
  host.readFile = (name) => (name === file ? text : onDisk.readFile(name));
  host.fileExists = (name) => name === file || onDisk.fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file
      ? compiler.createSourceFile(name, text, compiler.ScriptTarget.ES2022)
      : onDisk.getSourceFile(name, ...rest);
  host.getCurrentDirectory = () => dirname(file);
  const program = compiler.createProgram([file], options, host);
  const source = program.getSourceFile(file);
  return compiler.getPreEmitDiagnostics(program, source).map(({ messageText, start = 0 }) => {
    const line = text.slice(0, start).split('\n').length - 1;
    const object = objects[line];
    const said = compiler.flattenDiagnosticMessageText(messageText, ' ');
    return `${object === undefined ? '' : nameOf(object)}: ${said}`;
  });
}
