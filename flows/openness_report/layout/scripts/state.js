/** What is shown stands in the address's fragment, so that a link leads to the same view. */
const FILTERS = ["org", "kind", "direction", "stage", "from", "to", "words"];

function readState() {
  const fragment = location.hash.slice(1);
  const state = Object.fromEntries([...FILTERS, "month", "shift", "at"].map((name) => [name, ""]));
  if (!fragment.includes("=")) return { ...state, at: fragment };
  for (const [name, value] of new URLSearchParams(fragment)) if (name in state) state[name] = value;
  for (const name of ["from", "to"]) if (!/^\d{4}-\d{2}-\d{2}$/.test(state[name])) state[name] = "";
  if (!/^\d{4}-\d{2}$/.test(state.month)) state.month = "";
  return state;
}

/** The fragment of the present view with some parts changed; a section to go to is kept only when named. */
function fragmentWith(changes) {
  const next = { ...readState(), at: "", ...changes };
  const parts = new URLSearchParams(Object.entries(next).filter(([, value]) => value));
  return "#" + (parts.toString() || "all=");
}

function go(changes) {
  location.hash = fragmentWith(changes);
}

/** Whether a shift is among those asked for. In a period is what was first reported or changed in it. */
function matcher(state, { ignoring = [] } = {}) {
  const wanted = { ...state };
  for (const name of ignoring) wanted[name] = "";
  const words = wanted.words.toLowerCase().split(/\s+/).filter(Boolean);
  return (shift) =>
    (!wanted.org || shift.actor === wanted.org) &&
    (!wanted.kind || shift.kind === wanted.kind) &&
    (!wanted.direction || shift.effect === wanted.direction) &&
    (!wanted.stage || shift.stage === wanted.stage) &&
    (!wanted.from || shift.stage_on >= wanted.from) &&
    (!wanted.to || shift.first_on <= wanted.to) &&
    words.every((word) => searched(shift).includes(word));
}

function searched(shift) {
  shift.searched ??= [shift.actor, shift.artefact, shift.kind, shift.licence, shift.what, shift.evidence].join(" ").toLowerCase();
  return shift.searched;
}
