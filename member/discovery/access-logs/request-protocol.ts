import type { Protocol } from '@netring/topology';

/** What client and proxy said to each other, as far as a line tells. */
export function requestProtocol(status: number, contentType: string | undefined, isTls: boolean): Protocol {
  if (status === 101) return 'websocket';
  if (contentType?.startsWith('application/grpc') === true) return 'grpc';
  return isTls ? 'https' : 'http';
}

/** Whether it lasted as long as somebody stayed, so that its time says nothing about how fast anything is. */
export function isStreamed(status: number, contentType: string | undefined): boolean {
  return status === 101 || contentType?.startsWith('text/event-stream') === true;
}
