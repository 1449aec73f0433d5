import { createHmac } from 'node:crypto';

/** What is signed: a body, and when (epoch seconds) it was. */
export interface Signed {
  secret: string;
  timeS: number;
  body: string;
}

/** `t=1700000000,v1=<hex>`: HMAC-SHA256 of `<t>.<body>` by a secret that the receiver has as well. */
export function signatureOf({ secret, timeS, body }: Signed): string {
  const mac = createHmac('sha256', secret).update(`${timeS}.${body}`).digest('hex');
  return `t=${timeS},v1=${mac}`;
}
