/** A service that does not return from a request. */
import { design, recommended } from '../../../src/index.ts';

const loop = (): never => {
  for (;;);
};

export default design({
  name: 'loops',
  policy: recommended,
  serve: () => ({ start: loop, heartbeat: loop, end: loop, status: loop, sweep: loop }),
});
