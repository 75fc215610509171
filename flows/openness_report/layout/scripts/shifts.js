/** One shift in a list: day, headline, facts, evidence and sources. `level` is that of its heading. */
function shiftEntry(shift, { level = 3, compact = false } = {}) {
  const told = facts(shift).map(([name, value]) => `${name.toLowerCase()} ${value}`);
  return h("li", { class: "shift" },
    h("time", { datetime: shift.stage_on }, dayInWords(shift.stage_on)),
    h("div", {},
      h(`h${level}`, {}, shiftLink(shift, headline(shift))),
      compact ? null : h("p", {}, h("span", { class: `state ${shift.effect}` }, `${capital(shift.direction)} · ${shift.stage}`), told.length ? ` · ${told.join(" · ")}` : ""),
      compact ? null : words(shift)),
    compact ? null : sourcesLine(shift));
}

/** A link to the shift's own view, with the sign of what it comes to. */
function shiftLink(shift, text) {
  return h("a", { href: fragmentWith({ shift: shift.shift_id }), "data-shift": shift.shift_id },
    h("span", { class: `glyph ${shift.effect}`, "aria-hidden": "true" }, GLYPHS[shift.effect]), text);
}

/** The sentence that proves it; of a cited shift what happened. */
function words(shift) {
  return shift.evidence ? h("blockquote", {}, shift.evidence) : h("p", {}, shift.what);
}

function sourcesLine(shift) {
  if (!shift.reports.length) {
    return h("p", { class: "sources" }, KNOWN.words.grounds[shift.grounds], shift.url ? [" · ", outward(shift.url, hostOf(shift.url))] : "");
  }
  const named = shift.reports.slice(0, 3).flatMap((report, position) => [
    position ? ", " : "", outward(report.url, report.publisher), ` (${report.tier})`]);
  const more = Math.max(0, shift.outlets - Math.min(3, shift.reports.length));
  return h("p", { class: "sources" }, named, more ? ` and ${number(more)} more` : "");
}

const hostOf = (url) => url.replace(/^https?:\/\/(www\.)?/, "").split("/")[0];

/** All that is known of one shift, in the dialog. */
function fillDialog(shift) {
  const dialog = byId("shift");
  dialog.replaceChildren(
    h("header", {},
      h("h2", { id: "shift-title" }, h("span", { class: `glyph ${shift.effect}`, "aria-hidden": "true" }, GLYPHS[shift.effect]), headline(shift)),
      h("button", { type: "button", onclick: () => dialog.close() }, "Close")),
    words(shift),
    h("dl", {}, [
      ["Direction", shift.direction + (shift.effect !== shift.direction ? `, which comes to ${shift.effect}` : "")],
      ["Stage", shift.stage],
      ...facts(shift),
      ["First reported", dayInWords(shift.first_on)],
      ["Rests on", KNOWN.words.grounds[shift.grounds] + (shift.confidence === null ? "" : `; confidence ${shift.confidence.toFixed(2)}`)],
    ].flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    h("h3", {}, "How it unfolded"),
    h("ol", {}, shift.stages.map((stage) => h("li", {}, `${dayInWords(stage.since)}: ${stage.stage}`, stage.due ? `, due ${dayInWords(stage.due)}` : ""))),
    ...reported(shift));
}

function reported(shift) {
  if (shift.reports.length) {
    return [h("h3", {}, "Who reports it"), h("ul", {}, shift.reports.map((report) => h("li", {},
      h("p", {}, outward(report.url, report.publisher), ` (${report.tier}), ${dayInWords(report.told_on)}: ${report.stage}`),
      h("blockquote", {}, report.evidence)))), explained(shift)];
  }
  if (!shift.url) return [];
  return [h("p", {}, "Source: ", outward(shift.url, shift.url)), shift.evidence ? explained(shift) : null].filter(Boolean);
}

const explained = (shift) => h("p", { class: "fine" }, "Why it was tagged: ", h("code", {}, `ajar explain '${shift.url}'`));
