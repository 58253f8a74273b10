/** When a thread has surely had its time, however busy the machine is with other work. */
import type { Worker } from 'node:worker_threads';

/**
 * Calls `out` once the worker has either had `ms` of processor time or waited that long for nothing to come. Time by the
 * clock would say of a healthy run on a loaded machine that it hangs. What this process used is shared by its `threads`
 * that are at work, so each of them had about as much of it. Returns what stops the watch.
 */
export function watchPatience(worker: Worker, ms: number, threads: () => number, out: () => void): () => void {
  const used = process.cpuUsage();
  const waited = worker.performance.eventLoopUtilization().idle;
  const timer = setInterval(
    () => {
      const { user, system } = process.cpuUsage(used);
      const had = (user + system) / 1000 / Math.max(1, threads());
      if (had >= ms || worker.performance.eventLoopUtilization().idle - waited >= ms) out();
    },
    Math.min(200, ms / 5),
  );
  return () => clearInterval(timer);
}
