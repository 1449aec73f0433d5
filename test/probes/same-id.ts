import { setTimeout as wait } from 'node:timers/promises';
import { monotonicMs } from '@netring/member/clock';
import { openIcmpSocket } from '@netring/member/probe/icmp-socket';
import { createPacketBudget } from '@netring/member/probe/packet-budget';

/** A program: eight echoes to an address under an id that is told; prints how many were answered. */
const { address, id } = JSON.parse(process.argv[2] ?? '{}') as { address: string; id: number };
const socket = openIcmpSocket(4, createPacketBudget(monotonicMs));
if ('off' in socket) throw new Error(socket.off);
let alive = 0;
const session = socket.session({ onEcho: () => alive++ }, id);
for (let seq = 0; seq < 8; seq++) {
  session.send({ address, seq });
  await wait(100);
}
// An answer may be late where the machine is busy.
for (let waited = 0; waited < 2_000 && alive < 8; waited += 50) await wait(50);
process.stdout.write(`${JSON.stringify({ id: session.id, alive })}\n`);
socket.close();
