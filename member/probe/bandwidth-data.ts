import { createCipheriv, randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';

/** One write: large enough that system calls do not count, small enough that a slow path is not flooded. */
const chunkBytes = 128 * 1024;

/** Bytes that no box on the way can compress, nor has seen before: the key stream of AES in counter mode. */
export function createNoise(): (bytes: number) => Buffer {
  const cipher = createCipheriv('aes-128-ctr', randomBytes(16), randomBytes(16));
  const zeros = Buffer.alloc(chunkBytes);
  return (bytes) => cipher.update(bytes >= chunkBytes ? zeros : zeros.subarray(0, bytes));
}

/** How many bytes may still be sent, all streams together. */
export interface Allowance {
  left: number;
}

/** Sends noise for as long as the socket takes it and the allowance lasts. */
export function pour(socket: Socket, noise: (bytes: number) => Buffer, allowance: Allowance): void {
  const fill = () => {
    while (allowance.left > 0 && socket.writable) {
      const bytes = Math.min(chunkBytes, allowance.left);
      allowance.left -= bytes;
      if (!socket.write(noise(bytes))) return;
    }
  };
  socket.on('drain', fill);
  fill();
}

/** Counts what comes, and drops it. */
export function drain(socket: Socket, onBytes: (bytes: number) => void): void {
  socket.on('data', (chunk: Buffer) => onBytes(chunk.length));
  socket.resume();
}
