export { createDelivery, type Delivery } from './delivery.ts';
export type { DeliveryDesk } from './desk.ts';
export { deliverySettings, type DeliveryConfig } from './settings.ts';
