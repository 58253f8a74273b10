/** The table of all named defects. */
import { OF_ADMISSION } from './admission.ts';
import { OF_CLEAN_UP } from './clean-up.ts';
import { OF_CLIENTS } from './clients.ts';
import { OF_CLOCKS } from './clocks.ts';
import type { Defect } from './defect.ts';
import { EVICT_ONE } from './evict-one.ts';
import { OF_FIGURES } from './figures.ts';
import { OF_MISSING_HEARTBEATS } from './missing-heartbeat.ts';
import { OF_RENEWAL } from './renewal.ts';
import { OF_TELLING } from './telling.ts';

export const DEFECTS: readonly Defect[] = [
  ...OF_ADMISSION,
  EVICT_ONE,
  ...OF_RENEWAL,
  ...OF_CLIENTS,
  ...OF_FIGURES,
  ...OF_CLEAN_UP,
  ...OF_MISSING_HEARTBEATS,
  ...OF_CLOCKS,
  ...OF_TELLING,
];
