/** Shifts in words, the same as in alerts. */
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const GLYPHS = { opening: "▲", closing: "▼", mixed: "◆" };

const dayInWords = (day) => `${+day.slice(8, 10)} ${MONTHS[+day.slice(5, 7) - 1].slice(0, 3)} ${day.slice(0, 4)}`;
const monthInWords = (month) => `${MONTHS[+month.slice(5, 7) - 1]} ${month.slice(0, 4)}`;
const { format: number } = new Intl.NumberFormat("en");
const plural = (count, noun) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
const signed = (value) => (value > 0 ? "+" : value < 0 ? "−" : "") + Math.abs(Math.round(value));
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function headline(shift) {
  const [named, general] = KNOWN.words.headlines[`${shift.kind} ${shift.direction} ${shift.stage}`];
  return `${shift.actor} ${shift.artefact ? named.replace("{artefact}", () => shift.artefact) : general}`;
}

const levelInWords = (level) => `${level} ${KNOWN.words.levels[level]}`;
const arrow = (before, after) => (before !== null && before !== after ? `${before} → ${after ?? "?"}` : `${after}`);

/** Name and value of what is known beyond the headline. */
function facts(shift) {
  const told = [];
  if (shift.licence || shift.licence_from) told.push(["Licence", arrow(shift.licence_from, shift.licence ?? "?")]);
  if (shift.level !== null) told.push(["Level", arrow(shift.level_from === null ? null : levelInWords(shift.level_from), levelInWords(shift.level))]);
  if (shift.due && shift.stage !== "done") told.push(["Due", dayInWords(shift.due)]);
  if (shift.territory) told.push(["Territory", shift.territory]);
  if (shift.compelled_by) told.push(["Compelled by", shift.compelled_by]);
  return told;
}

/** The filters in force, for print. */
function filtersInWords(state) {
  const names = { org: "organisation", kind: "kind", direction: "direction", stage: "stage", from: "from", to: "to", words: "words" };
  return FILTERS.filter((name) => state[name]).map((name) => `${names[name]} ${state[name]}`).join(", ");
}
