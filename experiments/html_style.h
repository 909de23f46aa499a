#pragma once

#include <string_view>

namespace restock {

/// The style of every page. Colours are variables, so that one set of rules serves light, dark and print. The series'
/// colours follow Okabe and Ito (2008), darkened on white and lightened on black until each stands out 3:1 against the
/// page.
inline constexpr std::string_view kPageStyle = R"css(
:root {
  color-scheme: light dark;
  --page: #ffffff; --card: #f6f7f9; --line: #dfe3e8; --grid: #e8ebef; --text: #1c2430; --soft: #566172;
  --accent: #0b5cad; --good: #0a6b4a; --bad: #a93a00; --mark: #eaf2fb;
  --s0: #0072b2; --s1: #cf5a00; --s2: #00805f; --s3: #a5458a; --s4: #997000; --s5: #2b6f8f; --s6: #6b7480;
}
@media (prefers-color-scheme: dark) { :root {
  --page: #12161c; --card: #1b2129; --line: #323b47; --grid: #28303a; --text: #e8ecf1; --soft: #a4afbd;
  --accent: #7cb8f2; --good: #58d0a4; --bad: #ff9f66; --mark: #1c2c3e;
  --s0: #5bb3ee; --s1: #ff9448; --s2: #3fcf9f; --s3: #e292c8; --s4: #e3c03f; --s5: #8fd3e8; --s6: #a3adb9;
} }
@media print { :root {
  color-scheme: light;
  --page: #ffffff; --card: #ffffff; --line: #c9ced6; --grid: #e3e6ea; --text: #000000; --soft: #404a57;
  --accent: #0b5cad; --good: #0a6b4a; --bad: #a93a00; --mark: #eef3f9;
  --s0: #0072b2; --s1: #cf5a00; --s2: #00805f; --s3: #a5458a; --s4: #997000; --s5: #2b6f8f; --s6: #6b7480;
} }
* { box-sizing: border-box; }
html { scroll-padding-top: 3.5rem; }
body { margin: 0; background: var(--page); color: var(--text); line-height: 1.55;
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
header, main, footer { max-width: 1120px; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
footer { padding-top: 1.5rem; padding-bottom: 2.5rem; color: var(--soft); font-size: .85rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 2.75rem 0 .75rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.02rem; margin: 1.75rem 0 .5rem; }
p { margin: .5rem 0 .9rem; max-width: 76ch; }
a { color: var(--accent); }
.soft { color: var(--soft); font-size: .92rem; }
nav { position: sticky; top: 0; z-index: 1; background: var(--page); border-bottom: 1px solid var(--line); margin-top: 1.25rem; }
nav ul { display: flex; flex-wrap: nowrap; gap: 1.25rem; overflow-x: auto; max-width: 1120px; margin: 0 auto; padding: .55rem 1.25rem; list-style: none; }
nav a { color: var(--soft); text-decoration: none; white-space: nowrap; font-size: .92rem; }
nav a:hover, nav a:focus { color: var(--accent); text-decoration: underline; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: .8rem; margin: 1.25rem 0; padding: 0; list-style: none; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .85rem 1rem; }
.card .name { color: var(--soft); font-size: .85rem; }
.card .value { font-size: 1.6rem; font-weight: 650; line-height: 1.3; overflow-wrap: anywhere; }
.card .note { color: var(--soft); font-size: .85rem; line-height: 1.4; }
.good { color: var(--good); } .bad { color: var(--bad); }
.words { background: var(--mark); border-left: 4px solid var(--accent); border-radius: 0 8px 8px 0; padding: .6rem 1.1rem; margin: 1rem 0; }
.words p { margin: .45rem 0; max-width: 100ch; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding: 0 0 .4rem; font-size: .88rem; }
th, td { padding: .38rem .7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { font-weight: 600; } thead th, thead th.number { color: var(--soft); font-size: .82rem; white-space: normal; vertical-align: bottom; border-bottom: 2px solid var(--line); }
.number { text-align: right; white-space: nowrap; }
tbody th { font-weight: 500; min-width: 9rem; } td { white-space: nowrap; } .best > * { background: var(--mark); } .best th { font-weight: 650; }
.group th { color: var(--soft); font-size: .82rem; padding-top: 1.1rem; font-weight: 600; }
figure { margin: 1rem 0 1.5rem; min-width: 0; }
figcaption { font-size: .95rem; margin-bottom: .35rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 470px), 1fr)); gap: .5rem 2rem; }
details { margin: .5rem 0; } summary { color: var(--accent); cursor: pointer; font-size: .88rem; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .9rem 1rem; overflow-x: auto; font-size: .82rem; line-height: 1.45; }
code, pre { font-family: ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
dl { display: grid; grid-template-columns: minmax(9rem, 14rem) 1fr; gap: .5rem 1.25rem; } dt { font-weight: 600; } dd { margin: 0; max-width: 72ch; }
.picture { overflow-x: auto; }
svg { display: block; max-width: max(100%, 480px); height: auto; }
.wide svg { max-width: max(100%, 820px); }
svg text { font-size: 12px; fill: var(--soft); font-family: inherit; }
svg .name { fill: var(--text); } svg .end { text-anchor: end; } svg .middle { text-anchor: middle; }
svg .grid { stroke: var(--grid); stroke-width: 1; } svg .axis { stroke: var(--soft); stroke-width: 1; }
svg .rule { stroke: var(--soft); stroke-width: 1.2; stroke-dasharray: 5 4; }
svg .line { fill: none; stroke: var(--c); stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
svg .d1 { stroke-dasharray: 7 4; } svg .d2 { stroke-dasharray: 2 4; } svg .d3 { stroke-dasharray: 9 3 2 3; } svg .d4 { stroke-dasharray: 12 4; }
svg .fill { fill: var(--c); } svg .bar { fill: var(--c); stroke: var(--page); stroke-width: .8; }
svg .dot { fill: var(--c); stroke: var(--page); stroke-width: 1; } svg .whisker { stroke: var(--c); stroke-width: 2.5; } svg .thin { stroke-width: 1.2; }
.c0 { --c: var(--s0); } .c1 { --c: var(--s1); } .c2 { --c: var(--s2); } .c3 { --c: var(--s3); } .c4 { --c: var(--s4); } .c5 { --c: var(--s5); } .c6 { --c: var(--s6); }
@media (max-width: 640px) { body { font-size: 15px; } dl { grid-template-columns: 1fr; gap: .1rem; } dd { margin-bottom: .7rem; } th, td { padding: .35rem .5rem; } }
@media print { nav, summary { display: none; } body { font-size: 11pt; } h2 { break-after: avoid; } figure, .card, tr { break-inside: avoid; } svg, .wide svg { max-width: 100%; } .scroll, .picture { overflow: visible; } }
)css";

}  // namespace restock
