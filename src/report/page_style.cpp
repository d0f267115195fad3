// The style of a page: light and dark as the reader's system has it, at the width of a phone and of a desk, and on
// paper. Colours of the series: page_parts.h names them k0 to k7; draw/cairo/figure.cpp has the same for paper.
#include "report/page_parts.h"

namespace ddpg {

const char* page_style() {
  return R"css(
:root { --page:#f6f7f9; --card:#ffffff; --ink:#191b1f; --muted:#59606b; --rule:#e3e6ea; --axis:#9aa0a9; --accent:#0066b0;
  --s0:#0066b0; --s1:#d15400; --s2:#008a68; --s3:#a6408c; --s4:#b87d00; --s5:#338fc2; --s6:#545966; --s7:#8c3333;
  --good:#00735a; --warn:#a34700; --bad:#b3261e; --band:.18; color-scheme:light dark; }
@media (prefers-color-scheme:dark) { :root { --page:#101216; --card:#181b21; --ink:#e9ebef; --muted:#9da5b1; --rule:#2b3038;
  --axis:#5b6370; --accent:#6cb6f2; --s0:#5aaef0; --s1:#ff9552; --s2:#3ecfa3; --s3:#e08ecb; --s4:#edb740; --s5:#a3d3f2;
  --s6:#b5bac4; --s7:#e88f8f; --good:#4fd1a5; --warn:#ffb074; --bad:#ff9d94; --band:.24; } }
.k0 { --c:var(--s0); } .k1 { --c:var(--s1); } .k2 { --c:var(--s2); } .k3 { --c:var(--s3); }
.k4 { --c:var(--s4); } .k5 { --c:var(--s5); } .k6 { --c:var(--s6); } .k7 { --c:var(--s7); }
* { box-sizing:border-box; }
html { -webkit-text-size-adjust:100%; text-size-adjust:100%; }
body { margin:0; background:var(--page); color:var(--ink); font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",
  "Noto Sans","DejaVu Sans",sans-serif; }
main { max-width:1040px; margin:0 auto; padding:40px 28px 48px; }
h1,h2,h3 { line-height:1.2; margin:0; font-weight:650; letter-spacing:-.01em; text-wrap:balance; overflow-wrap:anywhere; }
h1 { font-size:2.1rem; } h2 { font-size:1.3rem; } h3 { font-size:1rem; }
p { margin:.5em 0; max-width:72ch; }
code { font:.88em ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace; overflow-wrap:break-word; }
small { color:var(--muted); font-size:.85em; }
header.task { display:flex; flex-wrap:wrap; align-items:baseline; gap:6px 24px; }
h1 + header.task, section + header.task { margin-top:56px; }
.legend { list-style:none; display:flex; flex-wrap:wrap; gap:4px 20px; margin:0; padding:0; color:var(--muted); font-size:.95rem; }
.swatch { display:inline-block; width:.75em; height:.75em; border-radius:3px; margin-right:.5em; background:var(--c); }
.group { position:relative; display:inline-block; padding-left:1.25em; overflow-wrap:break-word; }
.group .swatch { position:absolute; left:0; top:.4em; margin:0; }
.tiles { display:grid; grid-template-columns:repeat(4,1fr); gap:12px; margin:22px 0 0; }
.tiles div { background:var(--card); border:1px solid var(--rule); border-radius:12px; padding:14px 16px 16px; }
.tiles dt { color:var(--muted); font-size:.82rem; }
.tiles dd { margin:2px 0 0; }
.tiles strong { display:block; font-size:1.75rem; line-height:1.25; font-weight:650; letter-spacing:-.02em; font-variant-numeric:tabular-nums; }
.tiles dd span { color:var(--muted); font-size:.82rem; line-height:1.45; }
section { margin-top:44px; }
section > h2 { margin-bottom:12px; }
section > p { color:var(--muted); }
figure { margin:0; position:relative; background:var(--card); border:1px solid var(--rule); border-radius:12px; padding:16px 18px; }
figure + .scroll, figure + .notes, figure + details, .scroll + .scroll, .notes + details, .scroll + details { margin-top:14px; }
figcaption { color:var(--muted); font-size:.85rem; line-height:1.45; margin-top:6px; }
.columns { margin:1px 0 4px; font-size:.82rem; line-height:1.4; color:var(--muted); }
.grid { display:grid; grid-template-columns:repeat(2,minmax(0,1fr)); gap:14px; }
svg { display:block; width:100%; height:auto; overflow:visible; border-radius:4px; }
svg:focus-visible { outline:2px solid var(--accent); outline-offset:4px; }
svg.narrow { display:none; }
svg text { font-family:inherit; font-variant-numeric:tabular-nums; }
.ink { fill:var(--ink); } text.muted { fill:var(--muted); } circle.muted { fill:var(--ink); opacity:.45; }
.grid .grid, polyline.grid { stroke:var(--rule); fill:none; } .axis { stroke:var(--axis); fill:none; }
polyline.line { fill:none; stroke:var(--c); stroke-linejoin:round; stroke-linecap:round; } circle.dot { fill:var(--c); }
.band { fill:var(--c); opacity:var(--band); stroke:none; }
.cursor { stroke:var(--muted); stroke-width:1; stroke-dasharray:3 3; }
.tip { position:absolute; top:0; left:0; pointer-events:none; z-index:2; background:var(--card); border:1px solid var(--axis);
  border-radius:8px; padding:7px 10px; font-size:.8rem; line-height:1.45; box-shadow:0 4px 16px rgb(0 0 0/.16); max-width:min(440px,92%);
  font-variant-numeric:tabular-nums; }
.tip b { display:block; font-weight:600; } .tip span.value { font-weight:600; } .tip small,.tip span.value { white-space:nowrap; }
.scroll { overflow-x:auto; background:var(--card); border:1px solid var(--rule); border-radius:12px; }
.scroll:focus-visible { outline:2px solid var(--accent); }
table { border-collapse:collapse; width:100%; font-size:.9rem; line-height:1.4; }
caption { text-align:left; color:var(--muted); font-size:.85rem; padding:12px 16px 6px; }
th,td { text-align:left; vertical-align:top; padding:7px 16px; border-top:1px solid var(--rule); font-weight:400; }
td .group { min-width:9em; } thead th { color:var(--muted); font-size:.8rem; border-top:0; white-space:nowrap; }
tbody th { min-width:8.5em; } tbody th code { white-space:nowrap; }
.n { text-align:right; font-variant-numeric:tabular-nums; white-space:nowrap; }
strong { font-weight:650; }
.state { font-size:.82rem; font-weight:600; white-space:nowrap; } .state::before { content:""; display:inline-block; width:.6em; height:.6em;
  border-radius:50%; background:currentColor; margin-right:.45em; }
.state.finished { color:var(--good); } .state.running { color:var(--accent); } .state.interrupted { color:var(--warn); }
.state.failed { color:var(--bad); }
.notes,#methods ul { margin:12px 0 0; padding-left:1.2em; color:var(--muted); font-size:.9rem; } .notes li,#methods li { margin:3px 0; max-width:85ch;
  overflow-wrap:anywhere; }
details { margin-top:14px; } summary { cursor:pointer; color:var(--accent); font-size:.92rem; padding:4px 0; }
details[open] summary { margin-bottom:8px; }
.player h3 { margin-bottom:10px; font-size:.95rem; font-weight:600; }
canvas { display:block; width:100%; max-height:340px; border-radius:8px; background:#fff; }
@media (prefers-color-scheme:dark) { canvas { filter:brightness(.92); } }
.controls { display:flex; align-items:center; gap:12px; margin-top:12px; font-size:.82rem; color:var(--muted); font-variant-numeric:tabular-nums; }
.controls input { flex:1 1 auto; min-width:60px; accent-color:var(--accent); margin:0; }
.controls output { flex:0 0 auto; min-width:14.5em; text-align:right; }
.controls button { flex:0 0 auto; width:40px; height:40px; border-radius:50%; border:0; background:var(--accent); color:var(--card); cursor:pointer;
  position:relative; }
.controls button::before { content:""; position:absolute; left:15px; top:12px; border-style:solid; border-width:8px 0 8px 13px;
  border-color:transparent transparent transparent currentColor; }
.controls button.playing::before { border-width:0 4px; width:4px; height:16px; left:14px; border-color:currentColor; }
.controls button:focus-visible { outline:2px solid var(--ink); outline-offset:2px; }
.missing { color:var(--muted); }
footer { margin-top:48px; padding-top:14px; border-top:1px solid var(--rule); color:var(--muted); font-size:.82rem; }
@media (max-width:720px) {
  main { padding:24px 14px 36px; } h1 { font-size:1.6rem; } section { margin-top:34px; }
  .tiles { grid-template-columns:repeat(2,minmax(0,1fr)); gap:10px; } .tiles strong { font-size:1.4rem; } .tiles div { padding:11px 12px 13px; }
  .grid { grid-template-columns:minmax(0,1fr); } figure { padding:13px 12px; } th,td { padding:7px 11px; } caption { padding:11px 11px 5px; }
  svg.wide { display:none; } svg.narrow { display:block; } .controls output { min-width:0; width:100%; order:3; text-align:left; }
  .controls { flex-wrap:wrap; }
}
@media print {
  :root { --page:#fff; --card:#fff; --ink:#000; --muted:#444; --rule:#d5d5d5; --axis:#888; --s0:#0066b0; --s1:#d15400; --s2:#008a68; --s3:#a6408c;
    --s4:#b87d00; --s5:#338fc2; --s6:#545966; --s7:#8c3333; --good:#00735a; --warn:#a34700; --bad:#b3261e; --band:.18; color-scheme:light; }
  body { font-size:11pt; } main { max-width:none; padding:0; } figure,.tiles div,tr { break-inside:avoid; } h2 { break-after:avoid; }
  .controls,.tip,.cursor,details:not([open]) { display:none; } .swatch,.state::before { print-color-adjust:exact; -webkit-print-color-adjust:exact; }
  table { font-size:8pt; } th,td { padding:3px 6px; } .n { white-space:normal; } tbody th,td .group { min-width:0; }
  tbody th code { white-space:normal; overflow-wrap:anywhere; }
  .scroll { overflow:visible; } canvas { filter:none; max-height:260px; }
}
)css";
}

}  // namespace ddpg
