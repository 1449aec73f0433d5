import { askJson } from '../live/ask.ts';
import { record } from '../replay/record.ts';
import { pageWith } from '../replay/viewer-page.ts';
import type { Step } from '../time/moment.ts';
import type { Work } from './work.ts';

/** A page of its own: the dashboard and what it showed, for whoever has no registry. */
export async function replayOf(ring: string, step: Step, work: Work): Promise<Blob> {
  const viewer = await viewerPage(work.signal);
  const letters = await record({ ask: askJson, ring, step, work });
  return new Blob([pageWith(viewer, letters)], { type: 'text/html;charset=utf-8' });
}

async function viewerPage(signal: AbortSignal): Promise<string> {
  const answer = await fetch('replay/viewer.html', { signal, credentials: 'same-origin' });
  if (!answer.ok)
    throw new Error(
      `The registry serves no viewer for replays (${answer.status}): was the dashboard built whole?`,
    );
  return answer.text();
}
