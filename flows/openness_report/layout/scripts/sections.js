/** The sections of the page, each drawn from the shifts shown and the state of the page.
    One with a chart gives the promise of its drawing. */
const NOTHING = "No shift fits these filters.";
const finding = (section, ...words) => document.querySelector(`[data-finding="${section}"]`).replaceChildren(...words);

const SECTIONS = {
  openness(shown, state) {
    const counted = KNOWN.shifts.filter(matcher(state, { ignoring: ["direction", "stage", "from", "to"] }));
    const rows = openness(counted, monthsShown(counted, state));
    const last = rows.at(-1);
    if (!rows.some((row) => row.index !== null)) {
      finding("openness");
      byId("turns").replaceChildren();
      tableFor("openness", () => empty(NOTHING));
      return drawNothing("openness", NOTHING);
    }
    const whole = !state.org && !state.kind && !state.words;
    const turns = !whole ? [] : KNOWN.turns
      .filter((turn) => rows.some((row) => row.month === monthOf(turn.month)))
      .sort((one, other) => one.month.localeCompare(other.month));
    finding("openness", indexInWords(last, rows));
    byId("turns").replaceChildren(...turns.map((turn) => h("li", {},
      `${monthInWords(turn.month)}: the pace ${turn.change > 0 ? "rose" : "fell"} from ${pace(turn.mean_before)} to ${pace(turn.mean_after)} a month.`)));
    const spread = rows.map((row) => ({
      ...row, month: utc(row.month), thin: row.index, firm: row.support >= FIRM ? row.index : null,
      above: row.support >= FIRM ? Math.max(0, row.index) : null, below: row.support >= FIRM ? Math.min(0, row.index) : null,
    }));
    const lastKnown = spread.findLast((row) => row.index !== null);
    const drawn = draw("openness", {
      label: `Line chart. ${indexInWords(last, rows)} The table below has every month.`,
      datasets: {
        index: spread,
        turns: turns.map((turn, position) => ({ month: utc(turn.month), number: position + 1 })),
        last: [{ ...lastKnown, label: signed(lastKnown.index) }],
      },
      signals: { span: [spread[0].month, spread.at(-1).month] },
      tip: (datum) => (datum.support === undefined ? "" : `${monthInWords(new Date(datum.month).toISOString())}: ${datum.index === null ? "no shift" : signed(datum.index)}\nopening ${datum.opening.toFixed(1)}, closing ${datum.closing.toFixed(1)} by weight`),
    });
    tableFor("openness", () => table(null, ["Month", "Index", "Weight opening", "Weight closing"],
      rows.toReversed().map((row) => [monthInWords(row.month), row.index === null ? "–" : signed(row.index), row.opening.toFixed(2), row.closing.toFixed(2)])));
    return drawn;
  },

  months(shown, state) {
    const rows = countByMonth(shown, monthsShown(shown, state));
    const total = (effect) => rows.reduce((sum, row) => sum + row[effect], 0);
    if (!rows.length) {
      finding("months");
      byId("month").replaceChildren();
      tableFor("months", () => empty(NOTHING));
      return drawNothing("months", NOTHING);
    }
    const said = `From ${monthInWords(rows[0].month)} to ${monthInWords(rows.at(-1).month)}, ${plural(total("opening"), "shift")} towards opening and ${number(total("closing"))} towards closing${total("mixed") ? `, ${number(total("mixed"))} both ways` : ""}.`;
    finding("months", said);
    const drawn = draw("months", {
      label: `Bar chart, opening upward and closing downward. ${said} The table below has every month.`,
      datasets: { months: rows.flatMap((row) => [
        { month: utc(row.month), text: row.month, effect: "opening", height: row.opening, other: row.closing },
        { month: utc(row.month), text: row.month, effect: "closing", height: -row.closing, other: row.opening }]) },
      signals: { picked: state.month ? utc(state.month) : null },
      tip: (datum) => (datum.effect ? `${monthInWords(new Date(datum.month).toISOString())}: ${Math.abs(datum.height)} ${datum.effect}` : ""),
      chosen: (datum) => { if (datum.effect) go({ month: monthOf(new Date(datum.month).toISOString()), at: "month" }); },
    });
    byId("month").replaceChildren(...behindMonth(shown, state));
    tableFor("months", () => table(null, ["Month", "Opening", "Closing", "Mixed"], rows.toReversed().map((row) =>
      [h("a", { href: fragmentWith({ month: row.month, at: "month" }) }, monthInWords(row.month)), row.opening, row.closing, row.mixed])));
    return drawn;
  },

  newest(shown, state) {
    const list = byId("newest-list");
    finding("newest", shown.length ? `${plural(shown.length, "shift")}, the newest change first.` : "");
    list.replaceChildren(...(shown.length ? [] : [h("li", {}, empty(NOTHING))]));
    const more = byId("more");
    const showMore = (amount) => {
      const from = shown.length ? list.children.length : 0;
      list.append(...shown.slice(from, from + amount).map((shift) => shiftEntry(shift)));
      more.hidden = !shown.length || list.children.length >= shown.length;
      more.textContent = `Show ${Math.min(30, shown.length - list.children.length)} more of ${number(shown.length)}`;
      return list.children[from];
    };
    showMore(12);
    more.onclick = () => showMore(30)?.querySelector("a").focus();
  },

  organisations(shown, state) {
    const byActor = [...groupBy(shown, (shift) => shift.actor)].sort((one, other) => other[1].length - one[1].length || one[0].localeCompare(other[0]));
    if (!shown.length) {
      finding("organisations");
      tableFor("organisations", () => empty(NOTHING));
      return drawNothing("organisations", NOTHING);
    }
    const rows = state.org
      ? [...groupBy(shown, (shift) => shift.artefact || capital(KNOWN.words.kinds[shift.kind]))].slice(0, 40)
      : byActor.slice(0, 20);
    const [busiest] = byActor;
    const said = state.org
      ? `${plural(shown.length, "shift")} of ${state.org}, a row for each artefact${rows.length === 40 ? ", the newest 40" : ""}.`
      : `${byActor.length > 20 ? `The 20 most active of ${number(byActor.length)} organisations` : `All ${number(byActor.length)} organisations`}; ${busiest[0]} leads with ${plural(busiest[1].length, "shift")}. Choose an organisation above for a row per artefact.`;
    finding("organisations", said);
    const marks = rows.flatMap(([row, shifts], rank) => shifts.flatMap((shift) => shift.stages.map((stage) => ({ rank, row, ...mark(shift, stage) }))));
    const spans = rows.flatMap(([row, shifts], rank) => shifts.filter((shift) => shift.stages.length > 1).map((shift) => ({
      rank, row, at: utc(shift.stages[0].since), to: utc(shift.stages.at(-1).since), effect: shift.direction })));
    const drawn = draw("organisations", {
      label: `Timeline. ${said} The table below names them.`,
      datasets: { points: marks, spans },
      signals: { span: [Math.min(...marks.map((each) => each.at)), Math.max(...marks.map((each) => each.at))] },
      tip: (datum) => datum.words || "",
      chosen: (datum) => { if (datum.id) go({ shift: datum.id }); },
    });
    tableFor("organisations", () => table(null, ["Organisation", "Opening", "Closing", "Mixed", "Newest"], byActor.map(([actor, shifts]) => [
      h("a", { href: fragmentWith({ org: actor, at: "organisations" }) }, actor),
      ...["opening", "closing", "mixed"].map((effect) => shifts.filter((shift) => shift.effect === effect).length),
      shiftLink(shifts[0], headline(shifts[0]))])));
    return drawn;
  },

  levels(shown, state) {
    const place = byId("levels-table");
    const rows = [...groupBy(standing(state), (row) => row.shift.actor)].sort((one, other) => other[1].length - one[1].length || one[0].localeCompare(other[0]));
    if (!rows.length) {
      finding("levels");
      return place.replaceChildren(empty("No family whose level is known."));
    }
    const all = rows.flatMap(([, families]) => families);
    const open = all.filter((family) => family.level >= 6).length;
    finding("levels", `Of ${plural(all.length, "family").replace("familys", "families")} whose level is known, ${number(open)} can be downloaded under open terms (level 6 or more), ${number(all.filter((family) => family.level <= 3).length)} cannot be downloaded at all.`);
    const heads = ["Organisation", ...KNOWN.words.levels.map((name, level) => `${level} ${name}`)];
    const limit = state.allLevels ? rows.length : 20;
    const matrix = table(null, heads, rows.slice(0, limit).map(([actor, families]) => [
      h("a", { href: fragmentWith({ org: actor, at: "levels" }) }, actor),
      ...KNOWN.words.levels.map((_, level) => familiesAt(families.filter((family) => family.level === level)))]), { class: "matrix" });
    for (const row of matrix.tBodies[0].rows) [...row.cells].slice(1).forEach((cell, level) => {
      cell.dataset.level = heads[level + 1];
      if (cell.textContent) cell.classList.add(level >= 4 ? "open" : "shut");
    });
    // On a narrow screen its rows are shown as blocks, which would no longer be read out as a table.
    for (const [tag, role] of [["thead", "rowgroup"], ["tbody", "rowgroup"], ["tr", "row"], ["td", "cell"], ["thead th", "columnheader"], ["tbody th", "rowheader"]]) {
      for (const each of matrix.querySelectorAll(tag)) each.role = role;
    }
    matrix.role = "table";
    const rest = rows.length - limit;
    place.replaceChildren(matrix, ...(rest > 0 ? [h("p", { class: "more" }, h("button", { type: "button", onclick: () => SECTIONS.levels(shown, { ...state, allLevels: true }) }, `Show ${number(rest)} more`))] : []));
  },

  licences(shown, state) {
    const rows = licencesByQuarter(shown, state);
    const classes = Object.entries(KNOWN.words.classes);
    byId("licences-key").replaceChildren(...classes.map(([name, words], position) => h("li", {},
      h("span", { class: "swatch", style: `background: var(--class-${position + 1})` }), words)));
    if (!rows.length) {
      finding("licences");
      tableFor("licences", () => empty("No shift among these names a licence."));
      return drawNothing("licences", "No shift among these names a licence.");
    }
    const total = rows.reduce((sum, row) => sum + row.shifts, 0);
    const ofClass = (name) => rows.filter((row) => row.class === name).reduce((sum, row) => sum + row.shifts, 0);
    const said = `${plural(total, "shift")} ${total === 1 ? "names" : "name"} a licence; ${Math.round(100 * ofClass("osi_open_source") / total)} % of them one that is open source by the OSI's definition.`;
    finding("licences", said);
    const drawn = draw("licences", {
      label: `Stacked bar chart. ${said} The table below has every quarter.`,
      datasets: { quarters: rows.map((row) => ({ ...row, quarter: utc(row.quarter) })) },
      tip: (datum) => (datum.class ? `${quarterInWords(new Date(datum.quarter).toISOString())}\n${KNOWN.words.classes[datum.class]}: ${datum.shifts}` : ""),
    });
    tableFor("licences", () => {
      const used = classes.filter(([name]) => ofClass(name));
      return table(null, ["Quarter", ...used.map(([, words]) => words)], [...groupBy(rows, (row) => row.quarter)].reverse().map(([quarter, counted]) =>
        [quarterInWords(quarter), ...used.map(([name]) => counted.find((row) => row.class === name)?.shifts || 0)]));
    });
    return drawn;
  },

  promises(shown, state) {
    const fits = matcher(state, { ignoring: ["stage"] });
    const promises = KNOWN.promises.filter((promise) => fits(promise.shift));
    const groups = OUTCOMES.map(([style, name, belongs]) => ({ style, name, promises: promises.filter(belongs) }));
    const bar = byId("promises-bar"), place = byId("promises-tables");
    if (!promises.length) {
      finding("promises");
      bar.replaceChildren();
      return place.replaceChildren(empty("No promise fits these filters."));
    }
    const count = (style) => groups.find((group) => group.style === style).promises.length;
    finding("promises", `Of ${plural(promises.length, "promise")}, ${number(count("kept") + count("late-kept") + count("otherwise"))} were kept (${number(count("late-kept"))} late, ${number(count("otherwise"))} under another licence than promised), ${number(count("overdue"))} ${count("overdue") === 1 ? "is" : "are"} overdue, ${number(count("lapsed"))} lapsed, ${number(count("open-yet"))} ${count("open-yet") === 1 ? "is" : "are"} open.`);
    const used = groups.filter((group) => group.promises.length);
    bar.replaceChildren(
      h("div", { class: "outcomes", "aria-hidden": "true" }, used.map((group) => h("span", { class: group.style, style: `flex-grow: ${group.promises.length}` }))),
      h("ul", { class: "key" }, used.map((group) => h("li", {}, h("span", { class: `swatch ${group.style}` }), `${group.name} ${number(group.promises.length)}`))));
    place.replaceChildren(...used.map((group) => {
      const first = ["overdue", "open-yet"].includes(group.style);
      const holder = h("div", { class: "scroll", role: "region", "aria-label": `Promises ${group.name}`, tabindex: "0" });
      const details = h("details", { open: first }, h("summary", {}, `${capital(group.name)}: ${number(group.promises.length)}`), holder);
      whenOpened(details, () => holder.replaceChildren(promiseTable(group.style, group.promises)));
      return details;
    }));
  },
};

/** The outcomes of promises: style, name, and whether a promise belongs to it. */
const OUTCOMES = [
  ["overdue", "overdue", (promise) => promise.status === "late" && !promise.kept_on],
  ["open-yet", "open", (promise) => promise.status === "open"],
  ["kept", "kept", (promise) => promise.status === "kept"],
  ["late-kept", "kept late", (promise) => promise.status === "late" && promise.kept_on],
  ["otherwise", "kept under another licence", (promise) => promise.status === "kept_with_other_licence"],
  ["lapsed", "lapsed", (promise) => promise.status === "lapsed"],
];

/** The promises of one outcome, with the columns that say something about it. */
function promiseTable(style, promises) {
  const columns = PROMISE_COLUMNS.filter(([, , styles]) => !styles || styles.includes(style));
  return table(null, columns.map(([name]) => name), promises.slice(0, 200).map((promise) => columns.map(([, cell]) => cell(promise))));
}

/** Columns about promises: name, cell, and the outcomes it is for; none named: all. */
const PROMISE_COLUMNS = [
  ["Promise", ({ shift }) => shiftLink(shift, `${shift.actor}: ${shift.artefact || KNOWN.words.kinds[shift.kind]}`)],
  ["Promised on", (promise) => dayInWords(promise.promised_on)],
  ["Due", (promise) => (promise.due === null ? "no day named" : dayInWords(promise.due_now) + (promise.delays ? `, put off ${promise.delays === 1 ? "once" : `${promise.delays} times`}` : ""))],
  ["Days late", (promise) => promise.days_late ?? "–", ["overdue", "late-kept", "lapsed"]],
  ["Kept on", (promise) => (promise.kept_on ? dayInWords(promise.kept_on) : "–"), ["kept", "late-kept", "otherwise"]],
  ["Licence promised", (promise) => promise.licence_promised || "–"],
  ["Licence delivered", (promise) => promise.licence_delivered || "–", ["kept", "late-kept", "otherwise"]],
];

/** The shifts behind a month's bars. */
function behindMonth(shown, state) {
  if (!state.month) return [];
  const shifts = shown.filter((shift) => monthOf(shift.first_on) === state.month);
  const most = 60;
  return [
    h("h3", {}, `${monthInWords(state.month)}: ${plural(shifts.length, "shift")} first reported`, h("button", { type: "button", onclick: () => go({ month: "", at: "months" }) }, "Close")),
    h("ol", { class: "shifts compact" }, shifts.slice(0, most).map((shift) => shiftEntry(shift, { level: 4, compact: true }))),
    ...(shifts.length > most ? [h("p", { class: "fine" }, `The newest ${most}; narrow the filters to see the others.`)] : []),
  ];
}

/** One stage of a shift on the timeline. */
function mark(shift, { stage, since }) {
  const turned = ["delayed", "denied"].includes(stage);
  const effect = !turned || shift.direction === "mixed" ? shift.direction : shift.direction === "opening" ? "closing" : "opening";
  const sign = turned ? "put off or dropped" : stage !== "done" ? "planned" : { opening: "opens", closing: "closes", mixed: "does both" }[shift.direction];
  return {
    at: utc(since), effect, sign, paint: stage === "done" ? `var(--${effect})` : "var(--paper)", id: shift.shift_id,
    words: `${dayInWords(since)} · ${stage}\n${headline({ ...shift, stage })}`,
  };
}

function familiesAt(families) {
  if (!families.length) return "";
  const named = families.map(({ shift, family }) => h("a", { href: fragmentWith({ shift: shift.shift_id }) }, shift.artefact || family));
  const holder = document.createDocumentFragment();
  holder.append(...named.slice(0, 3));
  if (named.length > 3) holder.append(h("details", {}, h("summary", {}, `and ${named.length - 3} more`), named.slice(3)));
  return holder;
}

function indexInWords(last, rows) {
  const before = rows.at(-1 - WINDOW);
  const now = last.index === null ? "no shift in the last six months" : `the index stands at ${signed(last.index)}`;
  const then = before && before.index !== null ? `, six months before at ${signed(before.index)}` : "";
  const little = last.index !== null && last.support < FIRM ? " That rests on fewer than three shifts' worth." : "";
  return `In ${monthInWords(last.month)} ${now}${then}.${little}`;
}

const pace = (mean) => (mean === 0 ? "an even balance" : `${Math.abs(mean).toFixed(1)} more ${mean > 0 ? "openings than closings" : "closings than openings"}`);
const quarterInWords = (day) => `${Math.floor((+day.slice(5, 7) - 1) / 3) + 1}. quarter ${day.slice(0, 4)}`;
