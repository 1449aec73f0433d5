export { createBandwidth, type Bandwidth } from './bandwidth.ts';
