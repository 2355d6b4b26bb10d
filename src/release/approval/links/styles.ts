/** Of the page on which somebody decides: one column, made for a phone, in the colours of the reader's system. */
export const styles = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1a1d21, #e8eaed);
  --soft: light-dark(#5b626c, #a3abb6);
  --line: light-dark(#dfe3e8, #33383f);
  --card: light-dark(#ffffff, #1b1f24);
  --ground: light-dark(#f5f6f8, #121519);
  --good: light-dark(#1a7f37, #4ac26b);
  --bad: light-dark(#c62828, #ff7b72);
  --warn: light-dark(#9a6700, #e3b341);
  --link: light-dark(#0b57d0, #8ab4f8);
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); }
main { max-width: 42rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; overflow-wrap: break-word; }
.brand { margin: 0; color: var(--soft); font-size: .875rem; }
h1 { margin: .25rem 0 .75rem; font-size: 1.5rem; line-height: 1.25; text-wrap: balance; }
h2 { margin: 2rem 0 .5rem; font-size: 1.125rem; }
h3 { margin: 1.25rem 0 .5rem; font-size: 1rem; color: var(--soft); font-weight: 600; }
a { color: var(--link); }
p { margin: .5rem 0; }
.who, dl, .gate, form, .decisions, .history { background: var(--card); border: 1px solid var(--line); border-radius: .625rem; padding: .75rem 1rem; }
.jump { font-size: .875rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .375rem 1rem; margin: .75rem 0; }
dt { color: var(--soft); }
dd { margin: 0; min-width: 0; }
.gate { margin: .625rem 0; border-left: 4px solid var(--line); }
.gate.good { border-left-color: var(--good); }
.gate.bad { border-left-color: var(--bad); }
.gate.warn { border-left-color: var(--warn); }
h4 { display: flex; gap: .5rem; align-items: baseline; margin: 0; font-size: 1rem; }
.sign { width: 1.1em; text-align: center; font-weight: 700; color: var(--soft); }
.good .sign, .good .word { color: var(--good); }
.bad .sign, .bad .word { color: var(--bad); }
.warn .sign, .warn .word { color: var(--warn); }
.word { margin-left: auto; font-weight: 400; font-size: .875rem; color: var(--soft); text-align: right; }
.waiver { border-top: 1px solid var(--line); padding-top: .5rem; }
details { margin-top: .5rem; }
summary { cursor: pointer; color: var(--soft); font-size: .875rem; padding: .25rem 0; }
.wide { overflow-x: auto; }
/* What gates' own fragments need of the page that has them. */
.evidence { --ink: currentColor; --page: var(--ground); --card: var(--ground); }
table { border-collapse: collapse; width: 100%; font-size: .875rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .375rem .75rem .375rem 0; border-top: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--soft); border-top: 0; }
tr.off td:nth-child(2) { color: var(--bad); font-weight: 600; }
ul, ol { padding-left: 1.25rem; margin: .25rem 0; }
.decisions { list-style: none; }
.decisions li + li { margin-top: .5rem; }
.void { color: var(--warn); font-size: .875rem; }
form { margin-top: 2rem; }
form h2 { margin-top: 0; }
label { display: block; margin-bottom: .25rem; color: var(--soft); font-size: .875rem; }
textarea { width: 100%; font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: .5rem; padding: .625rem; resize: vertical; }
.buttons { display: flex; gap: .75rem; margin: .75rem 0; }
button { flex: 1; min-height: 3rem; font: inherit; font-weight: 600; border-radius: .5rem; border: 1px solid transparent; cursor: pointer; }
button.approve { background: light-dark(#1a7f37, #2ea043); color: #fff; }
button.refuse { background: transparent; color: var(--bad); border-color: currentColor; }
button:focus-visible, a:focus-visible, summary:focus-visible, textarea:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.note { color: var(--soft); font-size: .875rem; }
.history { margin-top: 1.5rem; }
.history li { margin: .25rem 0; font-size: .875rem; }
time { color: var(--soft); }
@media (max-width: 30rem) {
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
  thead { display: none; }
  tbody tr { display: grid; grid-template-columns: 1fr 1fr; border-top: 1px solid var(--line); padding: .375rem 0; }
  tbody th { grid-column: 1 / -1; color: var(--soft); }
  tbody th, td { border-top: 0; padding: 0 .75rem 0 0; }
}
`
