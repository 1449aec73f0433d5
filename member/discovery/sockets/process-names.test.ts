import { describe, expect, test } from 'vitest';
import { controlGroupOf, type ControlGroup } from './control-group.ts';
import { isInterpreter, scriptName } from './script-name.ts';

const id = 'a1b2'.repeat(16);

test.each<[string, string, ControlGroup]>([
  ['a unit', '0::/system.slice/nginx.service', { startMode: 'systemd', unit: 'nginx' }],
  [
    'a unit of the older hierarchy',
    '9:name=systemd:/system.slice/cron.service\n8:pids:/system.slice/cron.service',
    { startMode: 'systemd', unit: 'cron' },
  ],
  [
    'an instance of a template',
    '0::/system.slice/system-postgresql.slice/postgresql@15-main.service',
    { startMode: 'systemd', unit: 'postgresql@15-main' },
  ],
  [
    'a name that is escaped',
    String.raw`0::/system.slice/my\x2dshop.service`,
    { startMode: 'systemd', unit: 'my-shop' },
  ],
  [
    'a unit of a user',
    '0::/user.slice/user-1000.slice/user@1000.service/app.slice/shop.service',
    { startMode: 'systemd', unit: 'shop' },
  ],
  ['a session of a user', '0::/user.slice/user-1000.slice/session-3.scope', { startMode: 'native' }],
  [
    'the manager of a user',
    '0::/user.slice/user-1000.slice/user@1000.service/init.scope',
    { startMode: 'native' },
  ],
  ['Docker with systemd', `0::/system.slice/docker-${id}.scope`, { startMode: 'docker', containerId: id }],
  ['Docker without', `12:memory:/docker/${id}\n0::/docker/${id}`, { startMode: 'docker', containerId: id }],
  ['podman', `0::/machine.slice/libpod-${id}.scope/container`, { startMode: 'docker', containerId: id }],
  [
    'Kubernetes with containerd',
    `0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1234.slice/cri-containerd-${id}.scope`,
    { startMode: 'kubernetes', containerId: id },
  ],
  [
    'Kubernetes with CRI-O',
    `0::/kubepods.slice/kubepods-pod1234.slice/crio-${id}.scope`,
    { startMode: 'kubernetes', containerId: id },
  ],
  [
    'Kubernetes without systemd',
    `5:cpu:/kubepods/besteffort/pod1234/${id}`,
    { startMode: 'kubernetes', containerId: id },
  ],
  ['nothing', '0::/', { startMode: 'native' }],
  ['no file', '', { startMode: 'native' }],
  ['a number that is too short', `0::/docker/${id.slice(1)}`, { startMode: 'native' }],
])('the control group of %s', (_, text, expected) => {
  expect(controlGroupOf(text)).toEqual(expected);
});

describe('an interpreter', () => {
  test.each<[string, string[], string | undefined]>([
    ['a script', ['node', '/srv/orders.js'], 'orders'],
    ['a plain script', ['node', '/srv/orders/main.js'], 'orders'],
    ['a plain script in plain folders', ['node', '/srv/orders/dist/src/index.js'], 'orders'],
    [
      'options with values',
      ['node', '-r', './tracing.js', '--import', 'x', '--max-old-space-size=100', 'worker.mjs'],
      'worker',
    ],
    ['code', ['node', '-e', 'require("http") // password'], undefined],
    ['nothing', ['node'], undefined],
    ['a module', ['python3', '-m', 'gunicorn', 'shop:app'], 'gunicorn'],
    ['a script after an option', ['python3', '-u', 'manage.py', 'runserver'], 'manage'],
    ['code of python', ['python3', '-c', 'secret'], undefined],
    [
      'an archive',
      ['java', '-Xmx1g', '-Dpassword=secret', '-jar', '/opt/billing-service.jar', '--token=x'],
      'billing-service',
    ],
    ['a class', ['java', '-cp', 'a.jar:b.jar', 'com.acme.shop.Inventory', 'secret'], 'Inventory'],
    ['a plain class', ['java', '-cp', 'a.jar', 'com.acme.shop.Application'], 'shop'],
    ['ruby', ['ruby', '/app/bin/sidekiq'], 'sidekiq'],
    ['an argument that is no name', ['node', 'postgres://user:secret@host/db'], undefined],
    ['an option with a value that is not known', ['node', '--tokens', 'abc/def', '/srv/shop.js'], undefined],
    ['control characters', ['node', '/srv/\u001b[31m.js'], undefined],
  ])('running %s', (_, line, expected) => {
    expect(scriptName(line)).toBe(expected);
  });

  test.each([
    ['node', true],
    ['python3.11', true],
    ['java', true],
    ['nginx', false],
    ['node_exporter', false],
  ])('%s: %s', (name, expected) => {
    expect(isInterpreter(name)).toBe(expected);
  });
});
