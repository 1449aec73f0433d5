import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { pathStates } from '@netring/contract/path';
import { checkKinds } from '@netring/contract/result';
import { minuteMs } from '../paths/index.ts';
import type { Point, PointCheck } from './point.ts';

/** Numbers of one check in a fixed order; what is absent is null, and absent at the end. */
type CheckRow = (number | null)[];
type Row = [minute: number, state: number, checks: CheckRow[], ...rest: (number | string | null)[]];

/** Packs points of one path: rows of JSON, deflated, a quarter of what the points are as JSON. */
export function packPoints(points: readonly Point[]): Buffer {
  return packed(points.map(rowOf));
}

export function unpackPoints(value: Buffer): Point[] {
  return (unpacked(value) as Row[]).map(pointOfRow);
}

/** Packs one minute of many paths, by target. */
export function packMinute(points: ReadonlyMap<string, Point>): Buffer {
  return packed([...points].map(([target, point]) => [target, rowOf(point)]));
}

export function unpackMinute(value: Buffer): Map<string, Point> {
  return new Map((unpacked(value) as [string, Row][]).map(([target, row]) => [target, pointOfRow(row)]));
}

function packed(value: unknown): Buffer {
  return deflateRawSync(JSON.stringify(value), { level: 6 });
}

function unpacked(value: Buffer): unknown {
  return JSON.parse(inflateRawSync(value).toString('utf8'));
}

function rowOf(point: Point): Row {
  const checks = point.checks.map((one) =>
    trimmed([
      checkKinds.indexOf(one.kind),
      one.sent,
      one.lost,
      one.p50_ms ?? null,
      one.p95_ms ?? null,
      one.p99_ms ?? null,
      one.jitter_ms ?? null,
    ]),
  );
  const rest = trimmed([
    point.forward_mbps ?? null,
    point.return_mbps ?? null,
    point.worst_step_ms ?? null,
    point.worst_step_ip ?? null,
    point.path_id ?? null,
  ]);
  return [point.at_ms / minuteMs, pathStates.indexOf(point.state), checks, ...rest];
}

function trimmed<T>(values: (T | null)[]): (T | null)[] {
  const last = values.findLastIndex((value) => value !== null);
  return values.slice(0, last + 1);
}

function pointOfRow([minute, state, checks, ...rest]: Row): Point {
  const [forward, back, stepMs, stepIp, pathId] = rest;
  return {
    at_ms: minute * minuteMs,
    state: pathStates[state] ?? 'unknown',
    checks: checks.map(checkOfRow),
    ...(typeof forward === 'number' ? { forward_mbps: forward } : {}),
    ...(typeof back === 'number' ? { return_mbps: back } : {}),
    ...(typeof stepMs === 'number' ? { worst_step_ms: stepMs } : {}),
    ...(typeof stepIp === 'string' ? { worst_step_ip: stepIp } : {}),
    ...(typeof pathId === 'string' ? { path_id: pathId } : {}),
  };
}

function checkOfRow([kind, sent, lost, p50, p95, p99, jitter]: CheckRow): PointCheck {
  return {
    kind: checkKinds[kind ?? 0] ?? 'tcp',
    sent: sent ?? 0,
    lost: lost ?? 0,
    ...(typeof p50 === 'number' ? { p50_ms: p50 } : {}),
    ...(typeof p95 === 'number' ? { p95_ms: p95 } : {}),
    ...(typeof p99 === 'number' ? { p99_ms: p99 } : {}),
    ...(typeof jitter === 'number' ? { jitter_ms: jitter } : {}),
  };
}
