import type { Socket } from 'node:net';
import { createNoise, drain, pour, type Allowance } from './bandwidth-data.ts';
import { watchStrain } from './bandwidth-strain.ts';
import { accepted, readLines, sendLine, tellMs, type Ping, type Role } from './bandwidth-wire.ts';

/** What the agent has admitted: one connection of a test that was leased. */
export interface Admitted {
  fence: number;
  role: Role;
  /** On this machine's monotonic clock: nothing is served beyond it. */
  deadlineAtMs: number;
  /** This member's own bound for the test, bytes each way. */
  mostBytes: number;
}

/** The far end of bandwidth tests: sink and source of one test at a time. */
export interface FarEnd {
  serve(socket: Socket, admitted: Admitted): void;
  /** Whether a test is going on. */
  isServing(): boolean;
  stop(): void;
}

/** Above what any test opens. */
const mostStreams = 80;

interface Session {
  fence: number;
  sockets: Set<Socket>;
  got: number;
  toSend: Allowance;
  toGet: number;
  end(): void;
}

/** @param onServed told when a test has ended, with the bytes that came and went */
export function createFarEnd(
  now: () => number,
  onServed: (served: { fence: number; received: number; sent: number }) => void,
): FarEnd {
  let session: Session | undefined;

  const begin = ({ fence, deadlineAtMs, mostBytes }: Admitted): Session => {
    const strain = watchStrain(now);
    const begun: Session = {
      fence,
      sockets: new Set(),
      got: 0,
      toSend: { left: mostBytes },
      toGet: mostBytes,
      end() {
        if (session !== begun) return;
        session = undefined;
        clearInterval(telling);
        clearTimeout(deadline);
        strain.stop();
        for (const socket of begun.sockets) socket.resetAndDestroy();
        onServed({ fence, received: begun.got, sent: mostBytes - begun.toSend.left });
      },
    };
    const deadline = setTimeout(() => begun.end(), Math.max(0, deadlineAtMs - now()));
    const telling = setInterval(() => {
      const { busy, lateMs, resent } = strain.read();
      const told = {
        at_ms: now(),
        got: begun.got,
        busy,
        late_ms: lateMs,
        ...(resent !== undefined && { resent }),
        ...(begun.toSend.left <= 0 && { spent: true }),
      };
      for (const socket of begun.sockets) if (controls.has(socket)) sendLine(socket, told);
    }, tellMs);
    return begun;
  };
  const controls = new WeakSet<Socket>();
  const noise = createNoise();

  const play = (socket: Socket, role: Role, current: Session): void => {
    switch (role) {
      case 'control':
        controls.add(socket);
        readLines(socket, (line) => sendLine(socket, { pong: (line as Ping).ping }));
        // With it the test is over, also when its source has died.
        socket.on('close', () => current.end());
        return;
      case 'forward':
        return drain(socket, (bytes) => {
          current.got += bytes;
          if (current.got > current.toGet) current.end();
        });
      case 'return':
        socket.resume();
        return pour(socket, noise, current.toSend);
    }
  };
  return {
    serve(socket, admitted) {
      if (session !== undefined && session.fence < admitted.fence) session.end();
      session ??= begin(admitted);
      const current = session;
      if (current.fence !== admitted.fence || current.sockets.size >= mostStreams)
        return void socket.destroy();
      socket.on('error', () => undefined);
      socket.on('close', () => {
        current.sockets.delete(socket);
        if (current.sockets.size === 0) current.end();
      });
      current.sockets.add(socket);
      socket.setNoDelay(true);
      socket.write(accepted);
      play(socket, admitted.role, current);
    },
    isServing: () => session !== undefined,
    stop: () => session?.end(),
  };
}
