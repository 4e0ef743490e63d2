// The semantics: what product.py says, for environments of which something may be open still.
//
// A state is {at, may, begin}: at[a] is the number of the state that actor a is in, or -1 where a is an unknown whose
// value is open; may[a] are then the values that it may have; begin[a] is where an actor that moves began. A truth is NO,
// OPEN (it hangs on what is open) or YES, so that "and" is the least, "or" the greatest, and "not" is YES - x.

const NO = 0, OPEN = 1, YES = 2;

function semanticsOf(data) {
  const { actors, events, conditions, assume } = data;
  const still = actors.map((of) => of.kind === "unknown" || of.kind === "parameter");
  const inside = conditions.map((row) => row[0] === "in" ? tableOf(actors[row[1]].states.length, row[2]) : null);

  // The number of a condition that is written down behind the others.
  function added(row) {
    inside.push(row[0] === "in" ? tableOf(actors[row[1]].states.length, row[2]) : null);
    return conditions.push(row) - 1;
  }

  function tableOf(size, members) {
    const table = new Uint8Array(size);
    for (const each of members) table[each] = 1;
    return table;
  }

  // Truths of conditions in one state, each found once.
  function truthsIn(state) {
    const known = new Uint8Array(conditions.length);
    function truth(number) {
      if (known[number]) return known[number] - 1;
      const found = judged(conditions[number], number);
      known[number] = found + 1;
      return found;
    }
    function judged(row, number) {
      switch (row[0]) {
        case "in": return leaf(row[1], inside[number]);
        case "not": return YES - truth(row[1]);
        case "named": return truth(row[1]);
        case "and": return row[1].reduce((least, part) => least === NO ? NO : Math.min(least, truth(part)), YES);
        default: return row[1].reduce((most, part) => most === YES ? YES : Math.max(most, truth(part)), NO);
      }
    }
    function leaf(actor, table) {
      if (state.at[actor] >= 0) return table[state.at[actor]] ? YES : NO;
      let some = false, all = true;
      for (const value of state.may[actor]) {
        if (table[value]) some = true; else all = false;
      }
      return all ? YES : some ? OPEN : NO;
    }
    return truth;
  }

  // The beginning: unknowns are open as far as their initial values leave them so; everyone else is where it begins, at
  // the first of several such places that the assumptions allow together.
  function beginning() {
    const at = new Int16Array(actors.length), may = {};
    actors.forEach((of, a) => {
      at[a] = still[a] && of.initial.length > 1 ? -1 : of.initial[0];
      if (at[a] < 0) may[a] = of.initial;
    });
    const loose = actors.flatMap((of, a) => !still[a] && of.initial.length > 1 ? [a] : []);
    const choose = (k, begin) => {
      if (k === loose.length) {
        const state = { at: begin, may, begin };
        return allowed(state) ? state : null;
      }
      for (const place of actors[loose[k]].initial) {
        const next = begin.slice();
        next[loose[k]] = place;
        const found = choose(k + 1, next);
        if (found) return found;
      }
      return null;
    };
    return choose(0, at) ?? { at, may, begin: at };
  }

  // The rows that each participant has where it is, or null where one has none.
  function rowsIn(event, state) {
    const found = [];
    for (let k = 0; k < event.participants.length; k++) {
      const here = state.at[event.participants[k]];
      const rows = event.rows[k].filter((row) => row[0].includes(here));
      if (rows.length === 0) return null;
      found.push(rows);
    }
    return found;
  }

  // May the event happen? OPEN also where it may, but what comes of it hangs on what is open.
  function may(event, state, truth = truthsIn(state)) {
    const guard = truth(event.guard);
    if (guard === NO) return NO;
    const rows = rowsIn(event, state);
    if (rows === null) return NO;
    let open = guard === OPEN;
    for (const own of rows) {
      let most = NO;
      for (const row of own) {
        const here = truth(row[2]);
        if (here === OPEN) open = true;
        most = Math.max(most, here);
      }
      if (most === NO) return NO;
    }
    return open ? OPEN : YES;
  }

  // The states in which an event that surely may happen can end, each once, in the order of product.py.
  function outcomes(event, state, truth = truthsIn(state)) {
    const offered = rowsIn(event, state).map((own) => own.filter((row) => truth(row[2]) === YES));
    const found = [], seen = new Set();
    function choose(k, at) {
      if (k === offered.length) {
        const key = at.join();
        if (!seen.has(key)) {
          seen.add(key);
          found.push({ at, may: state.may, begin: state.begin });
        }
        return;
      }
      for (const row of offered[k]) {
        const after = at.slice();
        if (row[1] >= 0) after[event.participants[k]] = row[1];
        choose(k + 1, after);
      }
    }
    choose(0, state.at);
    return found;
  }

  // The first leaf on which an open condition hangs: {actor, inside, outside}, the values on its either side.
  function question(number, state, truth = truthsIn(state)) {
    const row = conditions[number];
    if (truth(number) !== OPEN) return null;
    if (row[0] === "in") {
      const table = inside[number], values = state.may[row[1]];
      return {
        actor: row[1],
        inside: values.filter((value) => table[value]),
        outside: values.filter((value) => !table[value]),
      };
    }
    const parts = row[0] === "and" || row[0] === "or" ? row[1] : [row[1]];
    for (const part of parts) {
      const found = question(part, state, truth);
      if (found) return found;
    }
    return null;
  }

  // What an event that is OPEN asks first.
  function asks(event, state, truth = truthsIn(state)) {
    const found = question(event.guard, state, truth);
    if (found) return found;
    for (const own of rowsIn(event, state)) {
      for (const row of own) {
        const here = question(row[2], state, truth);
        if (here) return here;
      }
    }
    return null;
  }

  // Is there an environment at all, among those that are left, that the assumptions allow? They speak of beginnings.
  function allowed(state) {
    const at = state.begin.map((value, a) => still[a] ? state.at[a] : value);
    return satisfiable({ at, may: state.may, begin: state.begin });
  }

  function satisfiable(state) {
    const truth = truthsIn(state);
    let open = null;
    for (const number of assume) {
      if (truth(number) === NO) return false;
      if (open === null && truth(number) === OPEN) open = question(number, state, truth);
    }
    if (open === null) return true;
    return [open.inside, open.outside].some((values) => satisfiable(narrowed(state, open.actor, values)));
  }

  function narrowed(state, actor, values) {
    const at = state.at.slice(), may = { ...state.may };
    at[actor] = values.length === 1 ? values[0] : -1;
    if (values.length === 1) delete may[actor];
    else may[actor] = values;
    return { at, may, begin: state.begin };
  }

  // The state with an unknown narrowed to some of the values that it may have; null where no environment is left. Of an
  // actor that may begin in several places, the place: that is said of a beginning only.
  function narrow(state, actor, values) {
    if (!still[actor]) return beginsAt(state, actor, values);
    const here = state.at[actor] >= 0 ? [state.at[actor]] : state.may[actor];
    const left = here.filter((value) => values.includes(value));
    if (left.length === 0) return null;
    const found = narrowed(state, actor, left);
    return allowed(found) ? found : null;
  }

  // The state with all that an unknown may be from the beginning.
  function reopened(state, actor) {
    return still[actor] ? narrowed(state, actor, actors[actor].initial) : state;
  }

  function beginsAt(state, actor, values) {
    if (values.length !== 1 || !actors[actor].initial.includes(values[0])) return null;
    const at = state.at.slice(), begin = state.begin.slice();
    at[actor] = begin[actor] = values[0];
    const found = { at, may: state.may, begin };
    return allowed(found) ? found : null;
  }

  return {
    actors, events, conditions, still,
    added, truthsIn, beginning, may, outcomes, question, asks, narrow, reopened, allowed,
  };
}
