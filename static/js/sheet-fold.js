/* What observations come to, as the server's engine works it out (inspections/sheet/folding.py,
   scoring/engine): for a sheet without a network. Pure: a pack and events in, figures out. Points
   are whole ten-thousandths, so that nothing is lost by rounding. */
window.sheetFold = (() => {
  "use strict";
  const UNIT = 10_000;

  function units(text) {
    if (text === null || text === undefined || text === "") return 0;
    const [whole, part = ""] = String(text).split(".");
    return Number(whole) * UNIT + Number(part.padEnd(4, "0").slice(0, 4));
  }

  const sum = (figures) => figures.reduce((total, each) => total + each, 0);

  /* --- from events to what stands ------------------------------------------------------------ */

  const ruleOf = (item, { requirement, rule }) => {
    if (rule) return item.rules.find(({ id }) => id === rule);
    return requirement ? item.price : null;
  };

  function costOf(item, event) {
    const rule = ruleOf(item, event);
    if (!rule) return units(event.points);
    if (rule.kind === "lose_item") return units(item.points);
    const isFixed = rule.minimum === rule.maximum && rule.kind !== "levels";
    const isOpen = (event.points ?? "") === "";
    return (isOpen && isFixed ? units(rule.minimum) : units(event.points)) * (event.count ?? 1);
  }

  function rowsOf({ id, event }, items) {
    if (event.do === "confirm") return event.items.map((item) => ({ id, kind: "conforms", item }));
    const { item, requirement, rule, method, note } = event;
    if (event.do === "not_applicable") return [{ id, kind: "not_applicable", item, note }];
    if (event.do !== "observe" || !items.has(item)) return [];
    return [{ id, kind: "missing", item, requirement, rule, method, note, cost: costOf(items.get(item), event) }];
  }

  function standing(items, observations, entries) {
    const gone = new Set(entries.map(({ event }) => (event.do === "withdraw" ? event.observation : event.replaces)));
    const before = observations.map((row) => ({ ...row, cost: units(row.points) }));
    const known = new Set(before.map(({ id }) => id));
    const rows = [...before, ...entries.filter(({ id }) => !known.has(id)).flatMap((entry) => rowsOf(entry, items))];
    return rows.filter(({ id, item }) => !gone.has(id) && items.has(item));
  }

  /* --- one item ------------------------------------------------------------------------------- */

  const kindOf = (item, row) => ruleOf(item, row)?.kind ?? "range";

  /* Of each requirement and each rule the dearest; losing the item outweighs any amount. An extra
     comes on top of its requirement's deduction. */
  function deductions(item, rows) {
    const counting = new Map();
    for (const row of rows) {
      const kind = kindOf(item, row);
      const account = `${kind === "extra"}:${row.requirement ? `q${row.requirement}` : `r${row.rule ?? ""}`}`;
      const weight = (kind === "lose_item" ? 1e12 : 0) + row.cost;
      if (weight >= (counting.get(account)?.weight ?? -1)) counting.set(account, { weight, kind, cost: row.cost });
    }
    return [...counting.values()];
  }

  function scoreItem(item, rows, allowExtra) {
    const points = units(item.points);
    const seen = rows.filter(({ kind }) => kind === "missing");
    const deducted = new Set(seen.filter(({ cost, rule }) => cost || !rule).map((row) => `${row.requirement ?? ""}:${row.rule ?? ""}`));
    const common = { isLookedAt: rows.length > 0, deductions: deducted.size, lines: seen };
    if (rows.some(({ kind }) => kind === "not_applicable")) return { ...common, isNotApplicable: true, possible: 0, kept: 0, lost: 0, extra: 0 };
    const found = deductions(item, seen.filter((row) => allowExtra || kindOf(item, row) !== "extra"));
    const costs = (kinds) => sum(found.filter(({ kind }) => kinds(kind)).map(({ cost }) => cost));
    const extra = costs((kind) => kind === "extra");
    const taken = costs((kind) => kind !== "extra" && kind !== "lose_item");
    const isLost = found.some(({ kind }) => kind === "lose_item");
    const lost = isLost ? points : Math.min(points, taken);
    return { ...common, isNotApplicable: false, possible: points, kept: points - lost, lost, extra };
  }

  /* --- the sheet -------------------------------------------------------------------------------- */

  function triggered(item, score) {
    if (score.isNotApplicable) return [];
    const missing = new Set(score.lines.map(({ requirement }) => requirement));
    return item.requirements.filter(({ id, critical }) => critical && missing.has(id)).map(({ critical }) => critical);
  }

  /* `entries` are those of the outbox, in their order; refused ones left out. */
  function fold({ sections, observations }, entries, allowExtra = false) {
    const items = new Map(sections.flatMap((section) => section.items).map((item) => [item.id, item]));
    const rows = standing(items, observations, entries);
    const scores = new Map([...items.values()].map((item) => (
      [item.id, scoreItem(item, rows.filter((row) => row.item === item.id), allowExtra)]
    )));
    const seen = [...items.values()].filter(({ id }) => scores.get(id).isLookedAt);
    const figures = (name) => sum(seen.map(({ id }) => scores.get(id)[name]));
    const critical = new Set(seen.flatMap((item) => triggered(item, scores.get(item.id))));
    const kept = critical.has("zero") ? 0 : Math.max(0, figures("kept") - figures("extra"));
    return { kept, possible: figures("possible"), lookedAt: seen.length, total: items.size, zeroed: critical.has("zero"), capped: critical.has("cap"), scores, rows };
  }

  /* 5.0, 0.55 as pages write points; the percent with two decimals, half up. */
  function points(figure) {
    const text = (figure / UNIT).toFixed(4).replace(/0+$/, "");
    return text.endsWith(".") ? `${text}0` : text;
  }
  const plain = (figure) => points(figure).replace(/\.0$/, "");
  function percent({ kept, possible }) {
    if (!possible) return "—";
    const [above, below] = [BigInt(kept) * 10_000n, BigInt(possible)];
    const hundredths = (2n * above + below) / (2n * below);
    return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, "0")}`;
  }

  return { fold, points, plain, percent };
})();
