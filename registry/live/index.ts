export { createBroadcast, type Broadcast } from './broadcast.ts';
export { createStage, type Stage } from './stage.ts';
