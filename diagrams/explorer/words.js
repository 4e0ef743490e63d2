// Names and conditions in words, and why something may not happen.

const NEVER = "it never may";
const words = (name) => name.replaceAll("_", " ");

function listed(names, last) {
  if (names.length <= 1) return names.join("");
  return `${names.slice(0, -1).join(", ")} ${last} ${names[names.length - 1]}`;
}

function wordsOf(semantics) {
  const { actors, conditions } = semantics;

  const stateOf = (state, a) =>
    state.at[a] >= 0 ? words(actors[a].states[state.at[a]]) : `${valuesOf(a, state.may[a])} (open)`;

  const valuesOf = (a, values) => listed(values.map((value) => words(actors[a].states[value])), "or");

  function leafSaid(row, negated) {
    const names = row[3].map(words);
    const is = negated ? (names.length > 1 ? "is neither" : "is not") : "is";
    return `${words(actors[row[1]].name)} ${is} ${names.join(negated ? " nor " : " or ")}`;
  }

  // A condition in words; predicates by their names.
  function said(number, negated = false, binding = 0) {
    const row = conditions[number];
    switch (row[0]) {
      case "in": return leafSaid(row, negated);
      case "not": return said(row[1], !negated, binding);
      case "named": return negated ? `not ${words(row[2])}` : words(row[2]);
      default: {
        const and = (row[0] === "and") !== negated;
        if (row[1].length === 0) return and ? "always" : "never";
        const text = row[1].map((part) => said(part, negated, row[1].length > 1 ? (and ? 2 : 1) : binding))
          .join(and ? " and " : " or ");
        return row[1].length > 1 && binding > (and ? 1 : 0) ? `(${text})` : text;
      }
    }
  }

  // The leaves that would have to be otherwise so that the condition is true, each with what is so: as condition.py.
  // What is open may be so yet, and is none of them.
  function falseLeaves(number, state, truth, wanted = true) {
    const row = conditions[number];
    if (truth(number) === OPEN || (truth(number) === YES) === wanted) return [];
    switch (row[0]) {
      case "in": return [`${leafSaid(row, !wanted)}: it is ${stateOf(state, row[1])}`];
      case "not": return falseLeaves(row[1], state, truth, !wanted);
      case "named": return falseLeaves(row[1], state, truth, wanted);
      default:
        if (row[1].length === 0) return [NEVER];
        return [...new Set(row[1].flatMap((part) => falseLeaves(part, state, truth, wanted)))];
    }
  }

  // Why an event may not happen: each participant that has no row where it is, and the leaves that are false.
  function barred(event, state, truth) {
    const found = falseLeaves(event.guard, state, truth);
    event.participants.forEach((a, k) => {
      const own = event.rows[k].filter((row) => row[0].includes(state.at[a]));
      if (own.length === 0) {
        const sources = [...new Set(event.rows[k].flatMap((row) => row[0]))].sort((x, y) => x - y);
        found.push(`${words(actors[a].name)} is ${valuesOf(a, sources)}: it is ${stateOf(state, a)}`);
      } else if (own.every((row) => truth(row[2]) === NO)) {
        found.push(...own.flatMap((row) => falseLeaves(row[2], state, truth)));
      }
    });
    return [...new Set(found)];
  }

  // What a step changed: [{actor, before, after}].
  function changes(before, after) {
    const found = [];
    for (let a = 0; a < actors.length; a++) {
      if (!semantics.still[a] && before.at[a] !== after.at[a]) {
        found.push({ actor: a, before: actors[a].states[before.at[a]], after: actors[a].states[after.at[a]] });
      }
    }
    return found;
  }

  // Changes in words: "connection: closed → open", and of a record's fields together "request: kind ccm, sender client".
  function changed(list) {
    const records = new Map();
    for (const each of list) {
      const record = actors[each.actor].record;
      if (record) records.set(record, [...(records.get(record) ?? []), each]);
    }
    const single = list.filter((each) => (records.get(actors[each.actor].record) ?? [each]).length === 1)
      .map((each) => `${actors[each.actor].name}: ${each.before} → ${each.after}`);
    const together = [...records].filter(([, own]) => own.length > 1).map(([record, own]) =>
      `${record}: ${own.map((each) => `${actors[each.actor].name.slice(record.length + 1)} ${each.after}`).join(", ")}`);
    return words([...single, ...together].join("; "));
  }

  return { stateOf, valuesOf, said, falseLeaves, barred, changes, changed };
}
