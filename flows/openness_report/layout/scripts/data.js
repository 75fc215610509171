/** What the report knows: the embedded answers, unpacked into rows. */
const KNOWN = (() => {
  const payload = JSON.parse(byId("payload").textContent);
  const unpack = (columns) => {
    const rows = [];
    for (const [name, column] of Object.entries(columns)) {
      const { of, at } = Array.isArray(column) ? { at: column } : column;
      for (let row = 0; row < at.length; row += 1) (rows[row] ??= {})[name] = of ? of[at[row]] : at[row];
    }
    return rows;
  };
  const known = { ...payload };
  for (const name of ["shifts", "stages", "reports", "turns", "ledger", "promises"]) known[name] = unpack(payload[name]);

  known.byId = new Map(known.shifts.map((shift) => [shift.shift_id, shift]));
  for (const shift of known.shifts) shift.stages = shift.reports = null;
  for (const name of ["stages", "reports", "ledger", "promises"]) {
    for (const row of known[name]) row.shift = known.shifts[row.shift];
  }
  for (const stage of known.stages) (stage.shift.stages ??= []).push(stage);
  for (const report of known.reports) (report.shift.reports ??= []).push(report);
  for (const shift of known.shifts) {
    shift.stages ??= [{ stage: shift.stage, since: shift.stage_on, due: shift.due }];
    shift.reports ??= [];
  }
  return known;
})();
