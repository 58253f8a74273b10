/** The model keeps the rules. */
import { deployModel } from '../../src/service/reference.ts';
import { conformance } from './conformance.ts';

conformance((policy) => Promise.resolve(deployModel(policy)));
