export { createAlertBoard, type AlertBoard } from './board.ts';
export { createAlertDesk, mostSilences, type AlertDesk } from './desk.ts';
export { createDelivery, type Delivery, type DeliveryDesk } from './delivery/index.ts';
export { createEntered, type Entered } from './entered.ts';
export { createRecentRoutes } from './recent-routes.ts';
export { alertSettings, rulesOf } from './settings.ts';
export { createWatch } from './watch.ts';
export { createWhatIf, type WhatIf } from './what-if.ts';
