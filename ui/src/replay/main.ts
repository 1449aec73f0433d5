import { mount } from 'svelte';
import '../screen/foundation.css';
import { linesOf } from './archive.ts';
import { recordedFetch } from './page-registry.ts';
import { recordingFrom } from './recording.ts';
import ReplayPage from './ReplayPage.svelte';
import { dataId } from './viewer-page.ts';

const [target, data] = ['app', dataId].map((id) => document.getElementById(id));
if (!target || !data) throw new Error('This page has no recording, or no place to show it.');
try {
  const recording = recordingFrom(await linesOf(data.textContent));
  data.remove();
  // The dashboard asks as ever; there is no registry, so the page answers.
  globalThis.fetch = recordedFetch(recording);
  mount(ReplayPage, { target, props: { recording } });
} catch (cause) {
  target.textContent = `This replay cannot be shown: ${cause instanceof Error ? cause.message : String(cause)}`;
}
