import type { RingTls } from '@netring/service/ring-tls';
import { Gauge, type Registry } from './prometheus.ts';

/** When the certificates in use end; nothing where there are none. */
export function certificateMetrics(registers: Registry[], tls: Pick<RingTls, 'ends'> | undefined): void {
  if (tls === undefined || tls.ends().length === 0) return;
  new Gauge({
    name: 'netring_tls_certificate_expiry_timestamp_seconds',
    help: 'When a certificate in use ends, seconds since the epoch: that which is shown (own), and the CA (ca).',
    labelNames: ['certificate'],
    registers,
    collect() {
      this.reset();
      for (const { which, untilMs } of tls.ends()) this.set({ certificate: which }, untilMs / 1000);
    },
  });
}
