export { createAlertBoard, type AlertBoard } from './board.ts';
export { alertSettings, rulesOf } from './settings.ts';
export { createWatch, type Watched } from './watch.ts';
