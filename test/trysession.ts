import { exhaustionText, exhaustionProgressText } from '../src/report/exhaustion.ts';
import { designByName } from '../src/designs/all.ts';
import { parseDuration } from '../src/core/time.ts';
import { checkSessions, measureSessions } from '../src/search/exhaust/session/check.ts';
const [name, devices, faults, unit, mode, verbose] = process.argv.slice(2);
const design = designByName(name!);
const options = { devices:Number(devices), launcher:false, faults:Number(faults), kinds:['loss','crash','sleep','duplicate','store-failure','stop','delay'] as const, allowed: 0 as never, unit: unit==='-'?null:parseDuration(unit!), latency:null, bounds: {maxMemory: 6*2**30, maxTime: 100000 as never}, onProgress: (p:any)=>{verbose&&console.log(exhaustionProgressText(p))} };
const t=Date.now();
if (mode==='j') { const c = await checkSessions(design, options); console.log(exhaustionText(c.outcome), Math.round(c.outcome.distinct/c.outcome.elapsed)+'k/s'); }
else for (const what of ['overlap','blocked','astray'] as const) { const m = await measureSessions(design, options, what); console.log(name, what, m.lasts/1000+'s', m.isBounded, m.check.outcome.result, m.check.outcome.distinct, m.check.outcome.elapsed, m.trace?.steps.length); }
console.log(Date.now()-t);
import { replay } from '../src/search/exhaust/session/replay.ts';
if (mode==='j') { const c = await checkSessions(design, options); const tr = c.outcome.laws[0]?.trace; if (tr) { const r = replay(design, c.grid, c.model, tr, 0 as never); console.log('REPLAY', r?.overlap); if (!r) for (const s of tr.steps) console.log('   ', s.description); } }
