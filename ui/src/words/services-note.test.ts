import { expect, test } from 'vitest';
import { exampleGraph } from '../example/example-graph.ts';
import type { ServicesTold } from '../live/services.ts';
import { servicesNote } from './services-note.ts';

const problem = 'the picture is not loaded yet';
const quiet = { graph: exampleGraph([], []), troubles: [] };
const seen = { ...quiet, sentence: '2 dependencies of services, none slow or failing' };

test.for<[string, ServicesTold, string | undefined]>([
  ['nothing was answered yet', {}, undefined],
  ['services are judged', { seen }, '2 dependencies of services, none slow or failing'],
  ['none is seen', { seen: quiet }, undefined],
  ['they were refused', { problem }, 'services are not known: the picture is not loaded yet'],
  [
    'they were known, and then refused',
    { seen, problem },
    '2 dependencies of services, none slow or failing; may have changed since: the picture is not loaded yet',
  ],
  [
    'none was seen, and then they were refused',
    { seen: quiet, problem },
    'services may have changed since: the picture is not loaded yet',
  ],
])('%s', ([, told, expected]) => {
  expect(servicesNote(told)?.replace(/[\u2068\u2069]/g, '')).toBe(expected);
});
