import { windowKey, type Recording } from './recording.ts';

/** What the page answers to itself in place of a registry. */
export interface PageAnswer {
  status: number;
  body: unknown;
}

/** Answers what the dashboard asks, from what was recorded; nothing leaves the page. `path` is relative, with its query. */
export function answerOf(recording: Recording, method: string, path: string): PageAnswer {
  if (method !== 'GET') return refused(405, 'not_live', 'This is a replay: nothing can be changed in it.');
  const { pathname, searchParams: asked } = new URL(path, 'http://replay/');
  switch (pathname) {
    case '/api/overview':
      return found(recording.overview);
    case '/api/alerts':
      return found(recording.alerts);
    case '/api/paths':
      return found(
        recording.paths.find(
          ({ source, target }) => source === asked.get('source') && target === asked.get('target'),
        )?.answer,
      );
    case '/topology':
      return topology(recording, asked);
    case '/topology/windows':
      return found(recording.windows);
    default:
      return found(undefined);
  }
}

function topology({ graph, graphs }: Recording, asked: URLSearchParams): PageAnswer {
  const [from, to] = [asked.get('from'), asked.get('to')];
  if (from === null || to === null) return found(graph);
  const window = graphs.get(windowKey(from, to));
  return found(window && { ...graph, ...window });
}

function found(body: unknown): PageAnswer {
  return body === undefined
    ? refused(404, 'not_recorded', 'This replay does not hold that: it was not recorded.')
    : { status: 200, body };
}

function refused(status: number, code: string, message: string): PageAnswer {
  return { status, body: { error: { code, message } } };
}

/** A `fetch` that asks the recording. */
export function recordedFetch(recording: Recording): typeof fetch {
  return (input, init) => {
    const path = input instanceof Request ? input.url : String(input);
    const { status, body } = answerOf(recording, init?.method ?? 'GET', path);
    return Promise.resolve(Response.json(body, { status }));
  };
}
