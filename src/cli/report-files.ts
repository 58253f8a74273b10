/** The files that a run leaves: the reports asked for, and the history of every scenario. */
import { encodeHistory } from '../history/codec.ts';
import { jsonReport } from '../report/json.ts';
import { junitReport } from '../report/junit.ts';
import type { Played, RunReport } from '../report/run-report.ts';
import type { Reporter } from './options.ts';
import { HISTORIES, type ReportFile } from './output.ts';

export const REPORT_NAMES = { json: 'report.json', junit: 'junit.xml' } as const;

/** Each scenario with the name of the file for its history, `histories/s0-a-crash-frees.model.jsonl`; no two alike. */
export function withHistoryFiles(played: readonly Played[]): readonly Played[] {
  const taken = new Set<string>();
  return played.map((each) => {
    const base = `${HISTORIES}/${slug(each.group)}-${slug(each.title)}`;
    let name = `${base}.${each.on}.jsonl`;
    for (let number = 2; taken.has(name); number++) name = `${base}-${number}.${each.on}.jsonl`;
    taken.add(name);
    return { ...each, historyFile: name };
  });
}

export function reportFiles(report: RunReport, reporters: readonly Reporter[]): readonly ReportFile[] {
  return [
    ...report.played.flatMap(({ history, historyFile }): readonly ReportFile[] =>
      historyFile === null ? [] : [{ name: historyFile, text: encodeHistory(history) }],
    ),
    ...(reporters.includes('junit') ? [{ name: REPORT_NAMES.junit, text: junitReport(report) }] : []),
    ...(reporters.includes('json') ? [{ name: REPORT_NAMES.json, text: jsonReport(report) }] : []),
  ];
}

/** Lower-case words and hyphens, short enough for any file system. */
function slug(text: string): string {
  const words = text
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, '-')
    .slice(0, 60);
  return words.replace(/^-|-$/g, '') || 'scenario';
}
