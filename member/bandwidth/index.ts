export { createTester, type Tester } from './tester.ts';
