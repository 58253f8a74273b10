import { service } from './service.ts';

export default service('runaway-mended', true);
