import { checkServerIdentity, type PeerCertificate } from 'node:tls';

/**
 * What a member's certificate may be for instead of its address: where addresses come and go, as in Kubernetes, one
 * certificate that the ring's CA has made for this name serves all members.
 */
export const memberName = 'member.netring';

/**
 * The rule by which a member's certificate is held against the address that it was reached at: its subject alternative
 * names must hold that address, or `memberName`. For `checkServerIdentity` of Node's TLS.
 */
export function checkMemberIdentity(address: string, certificate: PeerCertificate): Error | undefined {
  const error = checkServerIdentity(address, certificate);
  if (error === undefined || checkServerIdentity(memberName, certificate) === undefined) return undefined;
  return error;
}
