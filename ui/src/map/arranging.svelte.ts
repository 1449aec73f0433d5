import type { Position } from '@netring/contract/graph';
import { orderJson, type Answer } from '../live/ask.ts';
import { operatorToken } from '../live/operator-token.svelte.ts';
import { noPlaces, untold, withPlace, type Places } from './arrange.ts';

/** How it stands with what a person moved. */
export type ArrangingState =
  | { kind: 'nothing' }
  | { kind: 'saving' }
  | { kind: 'saved'; what: string }
  | { kind: 'failed'; reason: string; needsToken: boolean };

/** Moves services for everybody, who has the right to. */
export interface Arranging {
  /** Places that were chosen here and are not refused: they are shown at once. */
  readonly chosen: Places;
  readonly state: ArrangingState;
  readonly move: (id: string, place: Position) => void;
  /** Lays everything out anew, for everybody. */
  readonly tidy: (releasesPinned: boolean, areas: readonly string[]) => void;
  /** Where the registry says that services stand: what it knows of is not chosen here any more. */
  readonly told: (positions: Places) => void;
  /** Tries again what was refused. */
  readonly again: () => void;
  /** Takes back what is not saved. */
  readonly cancel: () => void;
  readonly stop: () => void;
}

/** Who moves something by keys does it in many steps: they are saved together. */
const restMs = 400;

export function createArranging(): Arranging {
  let chosen = $state.raw<Places>(noPlaces);
  let state = $state.raw<ArrangingState>({ kind: 'nothing' });
  let unsaved: Places = noPlaces;
  let attempt: () => Promise<void> = () => Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** What was answered to an older order says nothing of the newest. */
  let turn = 0;
  const leaving = new AbortController();

  const run = async (what: string, order: () => Promise<Answer<unknown>>): Promise<boolean> => {
    const mine = ++turn;
    state = { kind: 'saving' };
    const answer = await order().catch(() => undefined);
    if (answer === undefined || mine !== turn) return answer?.kind === 'ok';
    if (answer.kind === 'ok') {
      state = { kind: 'saved', what };
      return true;
    }
    const needsToken = answer.kind === 'denied' || answer.status === 403;
    state = { kind: 'failed', reason: answer.reason, needsToken };
    return false;
  };
  const order = (path: string, body: unknown, method: 'POST' | 'PUT'): Promise<Answer<unknown>> =>
    orderJson(path, body, operatorToken.current, leaving.signal, method);
  const save = async (): Promise<void> => {
    const [saving, count] = [unsaved, unsaved.size];
    if (count === 0) return;
    const body = { positions: Object.fromEntries(saving) };
    const isSaved = await run(count === 1 ? 'Moved for everybody.' : `${count} moved for everybody.`, () =>
      order('topology/positions', body, 'PUT'),
    );
    if (isSaved && unsaved === saving) unsaved = noPlaces;
  };
  const cancel = (): void => {
    clearTimeout(timer);
    turn++;
    unsaved = noPlaces;
    chosen = noPlaces;
    state = { kind: 'nothing' };
  };
  return {
    get chosen() {
      return chosen;
    },
    get state() {
      return state;
    },
    move(id, place) {
      chosen = withPlace(chosen, id, place);
      unsaved = withPlace(unsaved, id, place);
      attempt = save;
      clearTimeout(timer);
      timer = setTimeout(() => void save(), restMs);
    },
    tidy(releasesPinned, areas) {
      cancel();
      attempt = async () => {
        const taken = Object.fromEntries(areas.map((id) => [id, null]));
        const isReleased =
          !releasesPinned ||
          areas.length === 0 ||
          (await run('', () => order('topology/positions', { positions: taken }, 'PUT')));
        if (!isReleased) return;
        const body = { release_pinned: releasesPinned };
        await run('Laid out anew for everybody.', () => order('topology/tidy', body, 'POST'));
      };
      void attempt();
    },
    told(positions) {
      chosen = untold(chosen, unsaved, positions);
    },
    again: () => void attempt(),
    cancel,
    stop() {
      clearTimeout(timer);
      leaving.abort();
    },
  };
}
