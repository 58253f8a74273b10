/** How the page on heartbeats and timeouts looks: light, dark and on paper. */
export const TUNE_STYLE = `
:root { color-scheme: light dark; --text: #1d2329; --soft: #55606b; --back: #fdfdfc; --card: #f3f4f2; --line: #c9cdd1; --good: #14713d; --bad: #a8271f; --warn: #7a5200; --chosen: #d5008f; --link: #0b57a4; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e7ea; --soft: #a8b1ba; --back: #15181b; --card: #1f2429; --line: #444c54; --good: #6fd39b; --bad: #ff9d94; --warn: #f0c060; --chosen: #ff6fcb; --link: #8ec3ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem 1rem 4rem; font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; }
p { max-width: 46rem; }
a { color: var(--link); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; }
.soft { color: var(--soft); }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.verdict { font-weight: 600; font-size: 1.05rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
th, td { padding: .28rem .7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.verdict-cell { white-space: nowrap; }
.numbers td, .numbers thead th { text-align: right; white-space: nowrap; }
.numbers tbody th { font-weight: 400; white-space: nowrap; }
tr.chosen { font-weight: 600; box-shadow: inset 3px 0 0 var(--chosen); }
#sliders { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: .35rem 2rem; background: var(--card); padding: 1rem; border-radius: .5rem; }
#sliders div { display: grid; grid-template-columns: 1fr auto; align-items: baseline; }
#sliders input { grid-column: 1 / -1; width: 100%; accent-color: var(--chosen); }
#sliders output { font-variant-numeric: tabular-nums; font-weight: 600; }
button, select { font: inherit; padding: .3rem .8rem; max-width: 100%; color: inherit; background: var(--back); border: 1px solid var(--line); border-radius: .35rem; }
:focus-visible { outline: 3px solid var(--chosen); outline-offset: 2px; }
figure { margin: 0; }
figure svg, figure figure { max-width: 100%; background: none; }
figure figure { min-width: 44rem; }
figure { --plot-background: var(--card); }
.bar { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; margin: .75rem 0; }
summary { cursor: pointer; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dt { color: var(--soft); } dd { margin: 0; }
html:not([data-ready]) .live { display: none; }
@media print {
  :root { --text: #000; --soft: #333; --back: #fff; --card: #fff; --line: #999; --good: #0a6b35; --bad: #a00000; --warn: #6b4700; --link: #0b57a4; --chosen: #b0007a; color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  nav, .bar, .screen { display: none; }
  .scroll { overflow: visible; }
  table { font-size: 8pt; }
  th, td { padding: .15rem .35rem; }
  .numbers td, .numbers thead th, .numbers tbody th { white-space: normal; }
  #sliders input { display: none; }
  figure, tr { break-inside: avoid; }
  figure figure { min-width: 0; }
  h2 { break-after: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
