import { createRequire } from 'node:module';

/** What is used of `raw-socket` 1.8.1, which has no types. */
export interface RawSocket {
  on(event: 'message', listener: (packet: Buffer, source: string) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  setOption(level: number, option: number, value: number): void;
  setOption(level: number, option: number, value: Buffer, length: number): void;
  close(): void;
  /** The native half: sends at once, where `send` of the outer one waits for a turn of the event loop. */
  wrap: { send(packet: Buffer, offset: number, bytes: number, address: string, sent: () => void): void };
}

export interface RawSocketModule {
  createSocket(options: { protocol: number; addressFamily: number; bufferSize: number }): RawSocket;
  SocketLevel: { IPPROTO_IP: number; IPPROTO_IPV6: number };
  SocketOption: { IP_TTL: number; IPV6_UNICAST_HOPS: number };
}

/** Loads the optional native module, or says why there is none. */
export function loadRawSocket(): RawSocketModule | { off: string } {
  try {
    return createRequire(import.meta.url)('raw-socket') as RawSocketModule;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'MODULE_NOT_FOUND') {
      return { off: 'the module raw-socket is missing: it needs a C++ compiler when Netring is installed' };
    }
    return { off: `the module raw-socket cannot be loaded: ${message.split('\n')[0] ?? ''}`.slice(0, 300) };
  }
}
