import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmStep } from './installed.js';
import { root, step } from './step.js';

/** What the tests run that npm does not bring: the program, the Debian package it comes in, and who needs it. */
const programs = [
  {
    program: 'redis-server',
    package: 'redis-server',
    for: 'the store on a real Redis, alone, with Sentinel, as a Cluster',
  },
  { program: 'chromium', package: 'chromium', for: 'the dashboard in a real browser' },
  { program: 'promtool', package: 'prometheus', for: 'metrics and rules that a real Prometheus reads' },
  {
    program: 'prometheus-alertmanager',
    package: 'prometheus-alertmanager',
    for: 'alerts that a real Alertmanager delivers',
  },
  { program: 'prometheus-pushgateway', package: 'prometheus-pushgateway', for: 'the peer of bench ingest' },
  {
    program: 'prometheus-blackbox-exporter',
    package: 'prometheus-blackbox-exporter',
    for: 'the peer of bench probes',
  },
  { program: 'dot', package: 'graphviz', for: 'the service graph as Graphviz reads it' },
  { program: 'iperf3', package: 'iperf3', for: 'the rate of a lab link' },
  { program: 'wrk', package: 'wrk', for: 'load on the registry' },
  { program: 'ip', package: 'iproute2', for: 'the lab: namespaces, links, routes' },
  { program: 'ping', package: 'iputils-ping', for: 'the lab: the true round trip' },
  { program: 'unshare', package: 'util-linux', for: 'the lab: locations that cannot see each other' },
  { program: 'cc', package: 'gcc', for: 'the lab: the helper that makes TUN devices' },
  { program: '/usr/include/stdio.h', package: 'libc6-dev', for: 'the lab: the headers of that helper' },
  { program: 'g++', package: 'g++', for: 'the package that sends ICMP, which npm compiles' },
  { program: 'make', package: 'make', for: 'the same' },
  { program: 'python3', package: 'python3', for: 'the same' },
  { program: 'mtr', package: 'mtr-tiny', for: 'the hops that a trace is held against' },
  { program: 'traceroute', package: 'traceroute', for: 'the peer of bench trace' },
  { program: 'fping', package: 'fping', for: 'the peer of bench accuracy' },
  { program: 'openssl', package: 'openssl', for: 'certificates of a ring that speaks TLS' },
  { program: 'nginx', package: 'nginx', for: 'logs as a real nginx writes them' },
  { program: 'goaccess', package: 'goaccess', for: 'the peer of bench logs' },
  {
    program: '/usr/lib/postgresql',
    package: 'postgresql',
    for: 'the service graph of a real database',
  },
  { program: 'ps', package: 'procps', for: 'the tests that count processes' },
  { program: 'dockerd', package: 'docker.io', for: 'the images, built and run' },
  { program: 'iptables', package: 'iptables', for: 'the same: networks of containers' },
  { program: 'docker-compose', package: 'docker-compose', for: 'two datacenters as people start them' },
  {
    program: '/usr/sbin/setcap',
    package: 'libcap2-bin',
    for: 'the capability of a probe process in a container',
  },
  { program: 'shellcheck', package: 'shellcheck', for: 'the scripts of a deployment' },
];

/** Debian asks this program whether a freshly installed service may start; 101 says no. */
const policy = '/usr/sbin/policy-rc.d';

/** Installs what the tests need and this machine lacks, as far as it may; says what it could not do, and why. */
export async function ensureTestPrograms() {
  const missing = programs.filter(({ program }) => !isThere(program));
  if (missing.length > 0) await installPackages(missing);
}

/** A browser from npm where Debian's could not be had; npm's packages must be there. */
export async function ensureBrowser() {
  if (!isThere('chromium')) await installBrowser();
}

/** Whether npm can compile what it brings as source. */
export function canCompile() {
  return ['g++', 'make', 'python3'].every(isThere);
}

/** @param program its name, or a path */
export function isThere(program) {
  if (program.startsWith('/')) return existsSync(program);
  const folders = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`.split(':');
  return folders.some((folder) => folder !== '' && existsSync(join(folder, program)));
}

async function installPackages(missing) {
  const obstacle = whyNotApt();
  if (obstacle !== undefined) {
    process.stdout.write(`not installed, since ${obstacle}; tests that need them are skipped:\n`);
    for (const one of missing) process.stdout.write(`  ${one.package}: ${one.for}\n`);
    return;
  }
  const names = missing.map((one) => one.package);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const forbidsStart = !existsSync(policy);
  const allowStart = () => forbidsStart && rmSync(policy, { force: true });
  // A signal ends a process without its `exit`; this ends it by the same signal again.
  const endBy = (signal) => {
    allowStart();
    process.kill(process.pid, signal);
  };
  const signals = ['SIGINT', 'SIGTERM'];
  process.once('exit', allowStart);
  for (const signal of signals) process.once(signal, endBy);
  if (forbidsStart) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await step('reading the list of Debian packages', 'apt-get', ['update', '-q'], env);
    const install = ['install', '-q', '-y', '--no-install-recommends', ...names];
    await step(`installing ${names.join(', ')}`, 'apt-get', install, env);
  } catch (error) {
    process.stdout.write(`${error.message}\nGoing on; tests that need these are skipped.\n`);
  } finally {
    allowStart();
    process.off('exit', allowStart);
    for (const signal of signals) process.off(signal, endBy);
  }
}

function whyNotApt() {
  if (spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) return 'this is not a Debian';
  if (process.getuid?.() !== 0) return 'that takes root';
  return undefined;
}

async function installBrowser() {
  if (existsSync(join(root, 'node_modules', '@sparticuz', 'chromium'))) return;
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '@sparticuz/chromium@153.0.0'];
  try {
    await npmStep('installing a browser from npm', args);
  } catch (error) {
    process.stdout.write(`${error.message}\nGoing on; tests that need a browser are skipped.\n`);
  }
}
