/** The report on heartbeats and timeouts as one page that needs nothing else: what it says is text, what it draws a script in it. */
import { escape } from 'html-escaper';
import { formatNumber, formatTime } from '../core/quantity.ts';
import { formatSeed } from './run-report.ts';
import { claimRows } from './tune-claims.ts';
import type { TuneChoice, TuneObserved, TuneReport, TuneRow } from './tune-report.ts';
import { agreement, intervalText } from './tune-simulated.ts';
import { TUNE_STYLE } from './tune-style.ts';
import { falseExpiriesCell, falseExpiriesText, neighbourText, relaxedText } from './tune-words.ts';

export interface TunePage {
  /** What the script draws, as plain data. */
  readonly data: object;
  readonly script: string;
}

/** A whole HTML document. Ends with a line feed. */
export function tuneHtml(report: TuneReport, { data, script }: TunePage): string {
  const { choice } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Heartbeat and timeout</title>
<link rel="icon" href="data:,">
<style>${TUNE_STYLE}</style>
</head>
<body>
<header>
<h1>Which heartbeat and timeout to choose</h1>
${choiceHtml(choice)}
<nav aria-label="Sections"><ul>
<li><a href="#try">Try other figures</a></li><li><a href="#front-table">The front</a></li>${report.simulated.length > 0 ? '<li><a href="#simulated">Simulated</a></li>' : ''}<li><a href="#claims">S3: 60/30 against 40/20</a></li><li><a href="#assumed">What is assumed</a></li>
</ul></nav>
</header>
<main>
<section id="try">
<h2>Try other figures</h2>
<noscript><p class="warn">The sliders and charts need JavaScript. The tables below do not.</p></noscript>
<div class="live">
${report.approximations.length > 0 ? `<p class="warn">Here the closed forms are only near the truth, because ${escape(report.approximations.join('; '))}. The tables below are simulated.</p>` : ''}
<div id="sliders" role="group" aria-label="Sliders"></div>
<div class="bar"><button id="reset" type="button">Back to where it began</button></div>
<p id="verdict" class="verdict" role="status" aria-live="polite"></p>
<div class="scroll"><table id="figures" aria-label="Figures of the pair at which the sliders stand"></table></div>
<h2>Every pair</h2>
<div class="bar"><label for="metric">Colour shows</label><select id="metric"></select></div>
<p class="soft">Dots keep every wish; the ring is the recommended pair, the dashed frame where the sliders stand.<span class="screen"> Click a cell, or come here with the tab key and use the arrow keys.</span></p>
<figure id="heat" class="scroll" tabindex="0" role="group" aria-label="Heat map of all pairs; arrow keys move the sliders"></figure>
<h2>The front</h2>
<p class="soft">Large dots: no other pair is better in one of false expiries, recovery and writes, and no worse in the others.</p>
<figure id="front" class="scroll"></figure>
</div>
</section>
<section id="front-table">
<h2>The front as a table</h2>
<details><summary>${report.front.length} pairs</summary>
<div class="scroll"><table class="numbers"><thead>${cells('th', ['Heartbeat', 'Timeout', 'False expiries/day', 'Misses', 'Recovery, mean', 'p95', 'At most', 'Writes/s', 'Fence', 'Fence stops/day'])}</thead><tbody>
${report.front.map((row) => frontRow(row, choice)).join('\n')}
</tbody></table></div>
</details>
</section>
${report.simulated.length > 0 ? simulatedHtml(report) : ''}
${report.observed === null ? '' : observedHtml(report.observed)}
${claimsHtml(report)}
<section id="assumed">
<h2>What is assumed</h2>
<dl>${[...report.conditions, ['wishes', `${report.wishes.join(', ')}${report.wishesAreUsual ? ' (the usual ones)' : ''}`] as const, ['again', report.again] as const, ['by', `${report.tool}, seed ${formatSeed(report.seed)}`] as const].map(([label, text]) => `<dt>${escape(label)}</dt><dd>${escape(text)}</dd>`).join('\n')}</dl>
${list(report.warnings, 'warn')}
</section>
</main>
<script type="application/json" id="data">${inScript(JSON.stringify(data))}</script>
<script type="module">${inScript(script)}</script>
</body>
</html>
`;
}

/** Within a script element only its end, and what begins a comment, mean anything to HTML. */
function inScript(text: string): string {
  return text.replaceAll(/<(?=\/script|!--|script)/gi, '\\u003c');
}

function pairHtml({ heartbeat, timeout }: Pick<TuneRow, 'heartbeat' | 'timeout'>): string {
  return `${heartbeat / 1000}&nbsp;s / ${timeout / 1000}&nbsp;s`;
}

function choiceHtml(choice: TuneChoice): string {
  if (choice.type === 'none') {
    const items = choice.relaxations.map(
      ({ wishes, pair }) =>
        `Relax ${wishes.map((each) => escape(relaxedText(each))).join(' and ')}: then ${pairHtml(pair)} keeps all.`,
    );
    return `<p class="verdict bad">✗ No pair keeps every wish.</p>\n<ul>${items.map((item) => `<li>${item}</li>`).join('\n')}</ul>`;
  }
  const { chosen, candidates, tightest, neighbours } = choice;
  const spare =
    tightest === null
      ? ''
      : `; the tightest is <b>${escape(tightest.wish)}</b>, kept ${formatNumber(tightest.spare)} times over`;
  return `<p class="verdict good">✓ A heartbeat of ${chosen.heartbeat / 1000} s and a timeout of ${chosen.timeout / 1000} s</p>
<p>keep every wish, as ${candidates === 1 ? 'no other pair does' : `${candidates} pairs do`}${spare}. A healthy session is taken for dead ${falseExpiriesText(chosen)} times a device and day; after a crash a start succeeds within ${escape(formatTime(chosen.recovery.max))}.</p>
<ul>${neighbours.map((each) => `<li>${pairHtml(each)}: ${escape(neighbourText(each))}</li>`).join('\n')}</ul>`;
}

function cells(kind: 'th' | 'td', texts: readonly string[]): string {
  return `<tr>${texts.map((text) => `<${kind}${kind === 'th' ? ' scope="col"' : ''}>${text}</${kind}>`).join('')}</tr>`;
}

function frontRow(row: TuneRow, choice: TuneChoice): string {
  const isChosen =
    choice.type === 'found' && choice.chosen.heartbeat === row.heartbeat && choice.chosen.timeout === row.timeout;
  const texts = [
    `${row.timeout / 1000} s`,
    falseExpiriesCell(row),
    String(row.missesTolerated),
    formatTime(row.recovery.mean),
    formatTime(row.recovery.p95),
    formatTime(row.recovery.max),
    formatNumber(row.writes),
    row.fence === null ? 'none' : formatTime(row.fence),
    formatNumber(row.fenceStops),
  ];
  const head = `<th scope="row">${row.heartbeat / 1000} s${isChosen ? ' ✓' : ''}</th>`;
  return `<tr${isChosen ? ' class="chosen"' : ''}>${head}${texts.map((text) => `<td>${escape(text)}</td>`).join('')}</tr>`;
}

function simulatedHtml({ simulated, approximations }: TuneReport): string {
  const rows = simulated.map(
    (each) =>
      `<tr><th scope="row">${pairHtml(each)}</th>${[
        formatNumber(each.closed),
        intervalText(each.falseExpiries, formatNumber),
        intervalText(each.detectionMean, formatTime),
        each.method,
        agreement(each),
      ]
        .map((text) => `<td>${escape(text)}</td>`)
        .join('')}</tr>`,
  );
  return `<section id="simulated">
<h2>Simulated</h2>
<p>${formatNumber(simulated.reduce((sum, each) => sum + each.heartbeats, 0))} heartbeats, ${approximations.length === 0 ? 'to check the closed forms' : `because the closed forms are only near: ${escape(approximations.join('; '))}`}. In parentheses the 95 % interval. Where it says world, server, network and client were played in full, and the mean is until a start succeeds.</p>
<div class="scroll"><table class="numbers"><thead>${cells('th', ['Pair', 'Closed form', 'False expiries/day', 'Crash detected, mean', 'By', 'Compared'])}</thead><tbody>
${rows.join('\n')}
</tbody></table></div>
</section>`;
}

function observedHtml({ source, found, fits, quantiles, warnings }: TuneObserved): string {
  return `<section id="observed">
<h2>What was observed</h2>
<dl>${[['source', source] as const, ...found].map(([label, text]) => `<dt>${escape(label)}</dt><dd>${escape(text)}</dd>`).join('\n')}${fits.length === 0 ? '' : `\n<dt>fits</dt><dd>${escape(fits.map(({ name, distance }) => `${name}, off by ${formatNumber(distance * 100)} %`).join('; '))}</dd>`}</dl>${quantiles.length === 0 ? '' : quantilesHtml(quantiles)}
${list(warnings, 'warn')}
</section>`;
}

function quantilesHtml(quantiles: TuneObserved['quantiles']): string {
  return `
<div class="scroll"><table class="numbers"><thead>${cells('th', ['Latency', ...quantiles.map(({ share }) => `p${formatNumber(share * 100)}`)])}</thead><tbody>
<tr><th scope="row">observed</th>${quantiles.map(({ observed }) => `<td>${escape(formatTime(observed))}</td>`).join('')}</tr>
<tr><th scope="row">fitted</th>${quantiles.map(({ fitted }) => `<td>${escape(formatTime(fitted))}</td>`).join('')}</tr>
</tbody></table></div>`;
}

function claimsHtml({ claims }: TuneReport): string {
  const colour: Record<string, string> = { true: 'good', 'not true': 'bad' };
  return `<section id="claims">
<h2>S3: from 60/30 to 40/20</h2>
<p>The system S3 shortened its heartbeat from 30 s to 20 s and its timeout from 60 s to 40 s. What it says of that, and what the figures say of clients as S3 has them on this network: by timer, without retries and without a fence.</p>
<div class="scroll"><table><thead>${cells('th', ['Claim', 'Verdict', 'Why'])}</thead><tbody>
${claims.claims.map(({ claim, verdict, why }) => `<tr><td>${escape(claim)}</td><td class="verdict-cell ${colour[verdict] ?? 'warn'}">${escape(verdict)}</td><td>${escape(why)}</td></tr>`).join('\n')}
</tbody></table></div>
<div class="scroll"><table class="numbers"><thead>${cells('th', ['', '60/30', '40/20', 'Change'])}</thead><tbody>
${claimRows(claims)
  .map(
    ([label, ...texts]) =>
      `<tr><th scope="row">${escape(label)}</th>${texts.map((text) => `<td>${escape(text)}</td>`).join('')}</tr>`,
  )
  .join('\n')}
</tbody></table></div>
</section>`;
}

function list(items: readonly string[], kind: string): string {
  return items.length === 0
    ? ''
    : `<ul class="${kind}">${items.map((item) => `<li>${escape(item)}</li>`).join('')}</ul>`;
}
