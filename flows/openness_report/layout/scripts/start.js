/** Reads the state from the address, shows what it asks for, and keeps both together. */
let shown = [];
let waiting = new Set();
let drawn = null; // the filters and the month that the page shows

function update() {
  const state = readState();
  const asked = JSON.stringify([...FILTERS, "month"].map((name) => state[name]));
  if (asked !== drawn) {
    drawn = asked;
    select(state);
  }
  goTo(state);
  showShift(state);
}

function select(state) {
  setControls(state);
  shown = KNOWN.shifts.filter(matcher(state));
  byId("count").textContent = shown.length === KNOWN.shifts.length
    ? `All ${plural(shown.length, "shift")}` : `${number(shown.length)} of ${plural(KNOWN.shifts.length, "shift")}`;
  byId("print-filters").textContent = filtersInWords(state) && `Only ${filtersInWords(state)}.`;
  document.documentElement.dataset.ready = "first";
  waiting = new Set(Object.keys(SECTIONS));
  for (const name of [...waiting]) if (isNear(byId(name))) show(name);
  later(showWaiting);
}

let drawing = [];

function show(name) {
  waiting.delete(name);
  drawing.push(SECTIONS[name](shown, readState()));
}

/** Sections out of sight are drawn when there is time, so that the first one is there at once. */
function showWaiting() {
  const [name] = waiting;
  if (name === undefined) {
    Promise.all(drawing).then(() => { document.documentElement.dataset.ready = "all"; });
    drawing = [];
    return;
  }
  show(name);
  later(showWaiting);
}

const later = (task) => (window.requestIdleCallback ? requestIdleCallback(task, { timeout: 300 }) : setTimeout(task, 16));
const isNear = (element) => {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > -200 && top < innerHeight + 200;
};

function setControls(state) {
  for (const name of FILTERS) {
    const control = byId(name);
    if (control.value !== state[name] && document.activeElement !== control) control.value = state[name];
    if (name === "org" && control.value !== state.org) control.value = "";
  }
  const period = ["30", "90", "365"].find((days) => !state.to && state.from === daysBefore(+days));
  const own = !period && Boolean(state.from || state.to);
  if (document.activeElement !== byId("period") || byId("period").value !== "own") byId("period").value = period || (own ? "own" : "");
  for (const field of document.querySelectorAll(".own")) field.hidden = byId("period").value !== "own";
  byId("reset").hidden = !FILTERS.some((name) => state[name]);
}

function daysBefore(days) {
  return new Date(utc(KNOWN.asOf) - (days - 1) * 864e5).toISOString().slice(0, 10);
}

/** Scrolls to the section the address names, and takes the reading position there. */
function goTo(state) {
  const target = state.at && byId(state.at);
  if (!target) return;
  for (const name of [...waiting]) show(name);
  // Charts above it are as high as they will be only when they are drawn.
  Promise.all(drawing).then(() => target.scrollIntoView());
  (target.querySelector("h2") || target).focus({ preventScroll: true });
}

function showShift(state) {
  const dialog = byId("shift");
  const shift = KNOWN.byId.get(state.shift);
  if (!shift) {
    if (dialog.open) dialog.close();
    return;
  }
  fillDialog(shift);
  if (!dialog.open) dialog.showModal();
}

function listen() {
  addEventListener("hashchange", update);
  addEventListener("beforeprint", () => {
    for (const name of [...waiting]) show(name);
    unfold(true);
  });
  addEventListener("afterprint", () => unfold(false));
  for (const name of FILTERS.filter((name) => name !== "words")) byId(name).addEventListener("change", (event) => go({ [name]: event.target.value, month: "" }));
  let typing = 0;
  byId("words").addEventListener("input", (event) => {
    clearTimeout(typing);
    typing = setTimeout(() => location.replace(fragmentWith({ words: event.target.value, month: "" })), 150);
  });
  byId("period").addEventListener("change", (event) => {
    const choice = event.target.value;
    if (choice === "own") {
      for (const field of document.querySelectorAll(".own")) field.hidden = false;
      byId("from").focus();
    } else go({ from: choice ? daysBefore(+choice) : "", to: "", month: "" });
  });
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("reset").addEventListener("click", () => {
    go(Object.fromEntries([...FILTERS, "month"].map((name) => [name, ""])));
    byId("org").focus();
  });
  byId("shift").addEventListener("close", () => { if (readState().shift) go({ shift: "" }); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link) return;
    const id = link.getAttribute("href").slice(1);
    if (id.includes("=")) return;
    event.preventDefault();
    go({ at: id });
    if (readState().at === id) goTo({ at: id });
  });
  const theme = byId("theme");
  const isDark = () => (document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const nameTheme = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
  theme.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    nameTheme();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", nameTheme);
  nameTheme();
  byId("print").addEventListener("click", () => print());
}

/** Paper cannot be unfolded: lists that are folded on the screen are open on it. */
function unfold(printing) {
  for (const details of document.querySelectorAll(printing ? "#levels details:not([open]), #promises details:not([open])" : "[data-unfolded]")) {
    // The event of opening comes too late for the paper.
    if (printing) makeNow(details);
    details.open = printing;
    details.toggleAttribute("data-unfolded", printing);
  }
}

function tellIndex() {
  const rows = openness(KNOWN.shifts, monthsShown(KNOWN.shifts, { from: "", to: "" }));
  const last = rows.at(-1), before = rows.at(-1 - WINDOW);
  if (!last || last.index === null) return;
  byId("index-now").textContent = signed(last.index);
  if (before && before.index !== null) byId("index-before").textContent = `${signed(before.index)} half a year before; −100 all closing, +100 all opening`;
}

for (const id of ["theme", "print", "filters"]) byId(id).hidden = false;
tellIndex();
listen();
update();
