import { joinToken, viewToken, type Environment, type LabRing } from './lab-ring.ts';
import { startService, type RunningService } from './running-service.ts';

const ports = { 'us1-b': '8758', 'us1-c': '8759' };
export type Further = keyof typeof ports;

/** Starts one more member at us1, that neither discovers nor tests bandwidth: what happens to it disturbs nobody else. */
export function startFurtherMember(
  ring: Pick<LabRing, 'lab' | 'folder'>,
  id: Further,
  environment: Environment = {},
): Promise<RunningService> {
  const us1 = ring.lab.location('us1');
  const own = {
    NETRING_TOKEN: joinToken,
    NETRING_VIEW_TOKEN: viewToken,
    NETRING_LOCATION: 'us1',
    NETRING_INSTANCE_ID: id,
    NETRING_SERVER_PORT: ports[id],
    NETRING_REGISTRY_URL: `http://${us1.address}:8756`,
  };
  const quiet = { NETRING_BANDWIDTH_TEST_INTERVAL: '0', NETRING_DISCOVERY: 'false' };
  return startService(us1, 'member', {
    folder: ring.folder,
    environment: { ...own, ...environment, ...quiet },
  });
}
