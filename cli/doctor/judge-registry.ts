import { registryHealth } from '@netring/contract/health';
import { judgeExpiry } from './certificates.ts';
import { ok, problem, skipped, warning, type Finding } from './finding.ts';
import type { Stages } from './registry-stages.ts';

/** Name, TCP, TLS and HTTP apart: what failed first is what to look at. */
export function judgeStages(stages: Stages, nowMs: number): Finding[] {
  const { host, port, secure, name, tcp, tls, http } = stages;
  const at = `${host}:${port}`;
  if ('failed' in name) {
    return [
      problem(
        'registry: name',
        `${host} cannot be resolved (${name.failed})`,
        'check NETRING_REGISTRY_URL, and the name servers of this machine',
      ),
    ];
  }
  const findings = [ok('registry: name', `${host} is ${name.addresses.slice(0, 4).join(', ')}`)];
  if (tcp === undefined) return findings;
  if ('failed' in tcp) return [...findings, unreachable(at, tcp.failed)];
  findings.push(ok('registry: TCP', `${at} takes connections (${tcp.ms.toFixed(1)} ms)`));
  if (secure && tls !== undefined) findings.push(...judgeTls(tls, at, nowMs));
  if (http === undefined) return findings;
  return [...findings, ...judgeHttp(http, at, secure)];
}

function unreachable(at: string, reason: string): Finding {
  const todo: Record<string, string> = {
    ECONNREFUSED:
      'is the registry running there, and on this port? On one machine that listens on 127.0.0.1 only, give it a token or NETRING_SERVER_HOST',
    ENETUNREACH: 'this machine has no route to it: look at its routes, or use the other address family',
    EHOSTUNREACH: 'no host answers at this address: check it, and the firewalls between',
  };
  return problem(
    'registry: TCP',
    `${at} cannot be connected to (${reason})`,
    todo[reason] ??
      'open the port in every firewall on the way: the registry listens on TCP 8756 unless set otherwise',
  );
}

function judgeTls(tls: NonNullable<Stages['tls']>, at: string, nowMs: number): Finding[] {
  const check = 'registry: TLS';
  if ('failed' in tls) {
    return [
      problem(
        check,
        `${at} does not speak TLS (${tls.failed})`,
        'the registry has no certificate, or this is another program: use http:// or set NETRING_TLS_CERT and NETRING_TLS_KEY there',
      ),
    ];
  }
  const expiry =
    tls.validToMs === undefined
      ? []
      : [judgeExpiry("registry's certificate", tls.validToMs, nowMs, 'on the registry')];
  if (tls.distrust === undefined) return [ok(check, `${at} shows a certificate that is trusted`), ...expiry];
  const todo = /altnames|hostname/i.test(tls.distrust)
    ? 'name the registry in NETRING_REGISTRY_URL as its certificate does, or make one that has this name or address'
    : 'set NETRING_TLS_CA to the file of the CA that signed it; the join line carries it';
  return [problem(check, `${at} shows a certificate that is not trusted (${tls.distrust})`, todo), ...expiry];
}

function judgeHttp(http: NonNullable<Stages['http']>, at: string, secure: boolean): Finding[] {
  const check = 'registry: HTTP';
  if ('failed' in http) {
    const todo = secure
      ? 'look at the log of the registry, and at proxies between'
      : 'does it want https:// instead? Else look at the log of the registry, and at proxies between';
    return [problem(check, `${at} takes the connection and answers nothing (${http.failed})`, todo)];
  }
  const health = registryHealth.safeParse(http.body);
  if (http.status !== 200 || !health.success) {
    return [
      problem(
        check,
        `${at} answers with status ${http.status}, but not as a registry`,
        'check NETRING_REGISTRY_URL: is this a member, a proxy, or another program?',
      ),
    ];
  }
  const { version, timestamp } = health.data;
  return [
    ok(check, `a registry of version ${version} answers at ${at}`),
    judgeClock(timestamp * 1000, http.sentMs, http.receivedMs),
  ];
}

const clockLimits = { warningMs: 2_000, problemMs: 60_000 };

/** Clocks apart, as far as the round trip lets one say. */
export function judgeClock(theirsMs: number, sentMs: number, receivedMs: number): Finding {
  const check = 'clock';
  const doubtMs = Math.max(0, receivedMs - sentMs) / 2;
  const aheadMs = (sentMs + receivedMs) / 2 - theirsMs;
  const surelyMs = Math.max(0, Math.abs(aheadMs) - doubtMs);
  const apart = `this machine's clock is ${secondsOf(aheadMs)} ${aheadMs < 0 ? 'behind' : 'ahead of'} the registry's (± ${secondsOf(doubtMs)})`;
  const todo = 'set both clocks by NTP (timedatectl, chronyc tracking)';
  if (surelyMs > clockLimits.problemMs)
    return problem(
      check,
      `${apart}: lines of logs and spans fall out of their window, certificates may be refused`,
      todo,
    );
  if (surelyMs > clockLimits.warningMs)
    return warning(check, `${apart}: lines of logs and spans are sorted into wrong windows`, todo);
  return ok(check, apart);
}

function secondsOf(ms: number): string {
  return `${(Math.abs(ms) / 1000).toFixed(Math.abs(ms) < 10_000 ? 2 : 0)} s`;
}

/** What `POST /register` with nothing in it answers: the token is judged before the body, and nobody is registered. */
export function judgeJoinToken(status: number | undefined, hasToken: boolean): Finding {
  const check = 'join token';
  if (status === undefined) return skipped(check, 'the registry did not answer this question');
  if (status === 401) {
    return hasToken
      ? problem(
          check,
          'the registry does not accept this NETRING_TOKEN',
          "set it to the registry's own: they must be the same text (while it is changed, NETRING_TOKEN_PREVIOUS holds the other)",
        )
      : problem(
          check,
          'the registry asks for a join token, and none is set',
          "set NETRING_TOKEN to the registry's",
        );
  }
  if (status === 429)
    return skipped(
      check,
      'the registry takes no more questions from this address now: ask again in a minute',
    );
  if (status !== 400) return skipped(check, `the registry answered ${status} to it`);
  return hasToken
    ? ok(check, 'the registry accepts it')
    : warning(
        check,
        'the registry asks for none',
        'set NETRING_TOKEN on it before it listens beyond this machine',
      );
}

/** `GET /ready`. */
export function judgeReady(answer: { status: number; reasons: readonly string[] } | undefined): Finding {
  const check = 'registry: ready';
  if (answer === undefined) return skipped(check, 'the registry did not answer this question');
  if (answer.status === 200) return ok(check, 'its store answers and its picture is whole');
  return problem(
    check,
    `it is not ready: ${answer.reasons.join('; ') || `status ${answer.status}`}`,
    'run "netring doctor --as registry" on its machine, and look at its store',
  );
}

/** What `GET /members` answered to a view token. */
export function judgeViewToken(status: number | undefined, hasToken: boolean): Finding {
  const check = 'view token';
  if (status === undefined) return skipped(check, 'the registry did not answer this question');
  if (status === 200)
    return ok(check, hasToken ? 'the registry accepts it' : 'the registry lets this machine read');
  if (!hasToken)
    return skipped(check, 'none is set here, so what the registry sees of this member is not known');
  return problem(
    check,
    'the registry does not accept this NETRING_VIEW_TOKEN',
    "set it to the registry's own",
  );
}
