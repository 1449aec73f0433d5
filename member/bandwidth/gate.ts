import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Socket } from 'node:net';
import type { ErrorAnswer } from '@netring/contract/error';
import { decodeTicket, isGenuine } from '@netring/contract/lease';
import {
  bandwidthPath,
  protocolName,
  roleHeader,
  roles,
  ticketHeader,
  type Admitted,
  type Role,
} from '../probe/index.ts';

/** The door of the far end: who asks for a connection of a test is let in with a valid ticket, or told why not. */
export interface Gate {
  /** A request that asks for another protocol. The socket is handed on, or answered and closed. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface GateNeeds {
  /** This member: no ticket for another counts here. */
  instanceId: string;
  /** Join tokens that are valid; none: a ring without. */
  tokens: readonly string[];
  now: () => number;
  /** Whether a test of this member's own is going on. */
  isTesting: () => boolean;
  /** Bytes that one test may use each way now; 0: none. */
  mostBytes: () => number;
  /** Hands an admitted connection on; false when nobody takes it. */
  serve: (socket: Socket, admitted: Admitted) => boolean;
}

/** Why not: status, code and what to say. */
type Refusal = [status: number, code: string, message: string];

export function createGate(needs: GateNeeds): Gate {
  /** The highest fence seen: older tickets are refused, since a newer lease has been given. */
  let newest = { fence: 0, untilMs: 0, mostBytes: 0 };

  function admit(request: IncomingMessage): Admitted | Refusal {
    const role = request.headers[roleHeader];
    if (request.url !== bandwidthPath || request.headers.upgrade !== protocolName)
      return [404, 'not_found', `a member upgrades to ${protocolName} at ${bandwidthPath} only`];
    if (!roles.includes(role as Role))
      return [400, 'invalid_field', `${roleHeader}: is not one of ${roles.join(', ')}`];
    const ticket = decodeTicket(String(request.headers[ticketHeader] ?? ''));
    if (ticket === undefined || !isGenuine(needs.tokens, ticket))
      return [403, 'no_ticket', 'bandwidth is measured under a lease of the registry only'];
    if (ticket.target !== needs.instanceId) return [403, 'wrong_target', 'this ticket is for another member'];
    if (ticket.fence < newest.fence)
      return [409, 'old_fence', 'a newer lease has been seen here: this one is over'];
    if (needs.isTesting()) return [409, 'testing', 'this member runs a test of its own'];
    if (ticket.fence > newest.fence) {
      const mostBytes = needs.mostBytes();
      if (mostBytes <= 0)
        return [503, 'budget_spent', 'the bytes that this member spends in a day are spent'];
      newest = { fence: ticket.fence, untilMs: needs.now() + ticket.deadline_ms, mostBytes };
    }
    if (needs.now() >= newest.untilMs) return [409, 'lease_over', 'the time of this lease is over'];
    const { fence, untilMs, mostBytes } = newest;
    return { fence, role: role as Role, deadlineAtMs: untilMs, mostBytes };
  }

  return {
    upgrade(request, socket, head) {
      socket.on('error', () => undefined);
      const admitted = admit(request);
      if (Array.isArray(admitted)) return refuse(socket, admitted);
      // Who speaks before it is answered speaks another protocol; what it said would be lost on the way.
      const isRaw = socket instanceof Socket && head.length === 0;
      if (!isRaw || !needs.serve(socket, admitted))
        refuse(socket, [503, 'no_probe_process', 'nobody measures here just now']);
    },
  };
}

function refuse(socket: Duplex, [status, code, message]: Refusal): void {
  const answer: ErrorAnswer = { error: { code, message } };
  const body = JSON.stringify(answer);
  const head = `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  socket.end(`${head}\r\nconnection: close\r\n\r\n${body}`);
}
