import { TopologyVisualizer } from '@netring/topology';
import { coloursOf } from '../map/colours.ts';
import { mapOf } from './as-map.ts';
import { jsonOf, jsonPieces } from './json.ts';
import { pngOf } from './png.ts';
import { reportOf } from './report.ts';
import { captionOf, type Shown } from './shown.ts';
import { svgOf, svgPieces } from './svg.ts';
import { collected, type Work } from './work.ts';

/** One way to write down what is shown. */
export interface Kind {
  name: string;
  what: 'map' | 'graph' | 'report';
  ending: string;
  /** What it is good for. */
  tip: string;
  make: (shown: Shown, work: Work) => Promise<Blob>;
}

const colours = () => coloursOf(getComputedStyle(document.documentElement));

/** All but the replay, which is more than what is on the screen. */
export const kinds: readonly Kind[] = [
  {
    name: 'PNG',
    what: 'map',
    ending: 'png',
    tip: 'The part of the map that you see, as a picture at twice its size',
    make: (shown, work) => pngOf(shown.scene, captionOf(shown), colours(), work),
  },
  {
    name: 'SVG',
    what: 'map',
    ending: 'svg',
    tip: 'All of the map that is shown, as a drawing that stays sharp',
    make: async (shown, work) =>
      blobOf(
        await collected(svgOf(shown.scene, captionOf(shown), colours()), svgPieces(shown.scene), work),
        'image/svg+xml',
      ),
  },
  {
    name: 'DOT',
    what: 'graph',
    ending: 'dot',
    tip: 'For Graphviz: what is shown, laid out by yourself',
    make: async (shown, work) => {
      await work.step(0);
      return blobOf([new TopologyVisualizer(mapOf(shown)).generateDotGraph()], 'text/vnd.graphviz');
    },
  },
  {
    name: 'JSON',
    what: 'graph',
    ending: 'json',
    tip: 'What is shown, as GET /topology answers it',
    make: async (shown, work) =>
      blobOf(await collected(jsonOf(shown), jsonPieces(shown), work), 'application/json'),
  },
  {
    name: 'Report',
    what: 'report',
    ending: 'md',
    tip: 'Markdown: incidents, paths and dependencies in trouble with their reasons, services',
    make: async (shown, work) =>
      blobOf(await collected(reportOf(shown), shown.services.length, work), 'text/markdown'),
  },
];

function blobOf(parts: readonly string[], type: string): Blob {
  return new Blob([...parts], { type: `${type};charset=utf-8` });
}
