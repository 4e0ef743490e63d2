// The run so far. It is a list of tokens: "17" is event 17, "17.1" its second outcome where it has several, and "u3=0+2"
// says that the unknown 3 has one of these values. All that is shown follows from the tokens.

const stepToken = (event, outcome) => outcome ? `${event}.${outcome}` : `${event}`;
const narrowToken = (actor, values) => `u${actor}=${values.join("+")}`;
const isStep = (token) => !token.startsWith("u");
const stepsIn = (tokens) => tokens.filter(isStep).length;

function readToken(token) {
  const narrows = /^u(\d+)=(\d+(?:\+\d+)*)$/.exec(token);
  if (narrows) return { actor: Number(narrows[1]), values: narrows[2].split("+").map(Number) };
  const steps = /^(\d+)(?:\.(\d+))?$/.exec(token);
  return steps ? { event: Number(steps[1]), outcome: Number(steps[2] ?? 0) } : null;
}

// Go along the tokens. What the unknowns are is so from the beginning, whenever it was said.
//   {states, steps, stopped}: a state more than there are steps; each step is {event, outcome, token}, `token` being its
//   place in the list; stopped says where and why it goes no further: {token, why, event}, or null.
function follow(semantics, tokens) {
  const read = tokens.map(readToken);
  let start = semantics.beginning();
  const stop = (token, why, event = -1) => ({ token, why, event });
  if (!semantics.allowed(start)) return { states: [start], steps: [], stopped: stop(-1, "the assumptions allow no beginning") };
  for (let i = 0; i < read.length; i++) {
    if (read[i] === null) return { states: [start], steps: [], stopped: stop(i, "it is no step") };
    if (read[i].actor === undefined) continue;
    const known = semantics.actors[read[i].actor];
    const next = known ? semantics.narrow(start, read[i].actor, read[i].values) : null;
    if (next === null) return { states: [start], steps: [], stopped: stop(i, "no environment is like that") };
    start = next;
  }
  const states = [start], steps = [];
  for (let i = 0; i < read.length; i++) {
    if (read[i].actor !== undefined) continue;
    const event = semantics.events[read[i].event], state = states[states.length - 1];
    if (!event) return { states, steps, stopped: stop(i, "there is no such event") };
    const truth = semantics.truthsIn(state), may = semantics.may(event, state, truth);
    if (may !== YES) {
      const why = may === NO ? "it may not happen there" : "it hangs on what is open";
      return { states, steps, stopped: stop(i, why, read[i].event) };
    }
    const after = semantics.outcomes(event, state, truth)[read[i].outcome];
    if (!after) return { states, steps, stopped: stop(i, "it has no such outcome", read[i].event) };
    states.push(after);
    steps.push({ event: read[i].event, outcome: read[i].outcome, token: i });
  }
  return { states, steps, stopped: null };
}

// The tokens so far, those that were taken back and can be made again, and other ways that were left.
// `kept` are runs that lie in the page and need not be kept when they are left.
function historyOf(semantics, kept = []) {
  let tokens = [], ahead = [], branches = [], marks = [];
  let found = follow(semantics, tokens);

  function show(next) {
    tokens = next;
    found = follow(semantics, tokens);
  }
  const whole = () => [...tokens, ...ahead];
  const same = (one, other) => one.length === other.length && one.every((token, i) => token === other[i]);
  const begins = (long, short) => short.every((token, i) => token === long[i]);

  // The way that is left is kept, unless it is on another that is kept or on the one that is taken.
  function leave(next) {
    const left = whole();
    branches = branches.filter((each) => !begins(next, each) && !begins(left, each));
    if (left.length && !begins(next, left) && ![...branches, ...kept].some((each) => begins(each, left))) branches.push(left);
  }

  return {
    get tokens() { return tokens; },
    get ahead() { return ahead; },
    get branches() { return branches; },
    get marks() { return marks; },
    get states() { return found.states; },
    get steps() { return found.steps; },
    get state() { return found.states[found.states.length - 1]; },
    get stopped() { return found.stopped; },

    // Make a step, or say something of an unknown. What the run could not go along is left behind.
    take(token) {
      if (found.stopped) show(tokens.slice(0, Math.max(found.stopped.token, 0)));
      if (ahead[0] === token) {
        ahead = ahead.slice(1);
      } else {
        leave([...tokens, token]);
        ahead = [];
      }
      show([...tokens, token]);
    },
    back() {
      if (!tokens.length) return false;
      ahead = [tokens[tokens.length - 1], ...ahead];
      show(tokens.slice(0, -1));
      return true;
    },
    forward() {
      if (!ahead.length) return false;
      const token = ahead[0];
      ahead = ahead.slice(1);
      show([...tokens, token]);
      return true;
    },
    // Say that an unknown, or where an actor begins, is one of these after all, whatever was said of it.
    answer(actor, values) {
      const others = tokens.filter((token) => !token.startsWith(`u${actor}=`));
      leave([narrowToken(actor, values), ...others]);
      ahead = [];
      show([narrowToken(actor, values), ...others]);
    },
    // Go to the state after so many steps of the run.
    go(steps) {
      const all = whole(), places = [];
      all.forEach((token, i) => { if (isStep(token)) places.push(i + 1); });
      let upto = steps === 0 ? 0 : places[steps - 1] ?? all.length;
      if (steps === 0) while (upto < all.length && !isStep(all[upto])) upto++;
      ahead = all.slice(upto);
      show(all.slice(0, upto));
    },
    // Another run altogether: all of it, or its first tokens with the rest ahead.
    load(next, upto = next.length) {
      leave(next);
      ahead = next.slice(upto);
      show(next.slice(0, upto));
    },
    restart() {
      leave([]);
      ahead = [];
      show([]);
    },
    mark(name) {
      marks = [...marks.filter((each) => !same(each.tokens, tokens)), { name, tokens: [...tokens] }];
    },
    unmark(place) {
      marks = marks.filter((_, i) => i !== place);
    },
  };
}

// The address of a run: v1, the network's fingerprint, the tokens.
const fragmentOf = (data, tokens) => tokens.length ? `#v1.${data.fingerprint}/${tokens.join(",")}` : "#";

// The tokens of an address: {tokens} or {error}; null where it has none.
function readFragment(data, hash) {
  if (!hash.startsWith("#") || hash === "#" || document.getElementById(hash.slice(1))) return null;
  const parts = /^#v(\d+)\.([0-9a-f]+)\/([\d.,u=+]*)$/.exec(hash);
  if (!parts) return { error: "The address says no run that this page can read." };
  if (parts[1] !== "1") return { error: `The address says a run of version ${parts[1]}; this page reads version 1.` };
  if (parts[2] !== data.fingerprint) {
    return { error: "The address says a run of another model, scenario or version than this page's." };
  }
  return { tokens: parts[3].split(",").filter((token) => token !== "") };
}

// The run as the versioned JSON object that ccmproof reads (model/kernel/run.py). Unknowns that are open get the first
// value that goes with the others. `ends` are the loop and the reasons of a run that was loaded, and is all there.
function runOf(data, semantics, say, history, ends = { loop: -1, because: [] }) {
  const closed = narrowedBy(semantics, history.states[0], closings(semantics, history.states[0]));
  const stateAt = (state) => Object.fromEntries(semantics.actors.map((of, a) =>
    [of.name, of.states[semantics.still[a] ? closed.at[a] : state.at[a]]]));
  const first = stateAt(history.states[0]);
  return {
    version: 1,
    network: data.name,
    environment: Object.fromEntries(semantics.actors.filter((_, a) => semantics.still[a]).map((of) => [of.name, first[of.name]])),
    initial: first,
    steps: history.steps.map((step, i) => {
      const event = semantics.events[step.event];
      const changed = say.changes(history.states[i], history.states[i + 1]);
      return {
        event: event.name,
        controller: event.controller < 0 ? "" : semantics.actors[event.controller].name,
        host: event.host,
        changed: Object.fromEntries(changed.map((each) => [semantics.actors[each.actor].name, [each.before, each.after]])),
        cites: citesOf(semantics, event, history.states[i], history.states[i + 1]),
      };
    }),
    loop: ends.loop < 0 ? null : ends.loop,
    because: ends.because,
  };
}

// The statements behind a step: those of the event, and of the rows that were taken.
function citesOf(semantics, event, before, after) {
  const truth = semantics.truthsIn(before), cites = [...event.cites];
  event.participants.forEach((a, k) => {
    for (const row of event.rows[k]) {
      const leads = row[1] < 0 ? before.at[a] : row[1];
      if (row[0].includes(before.at[a]) && leads === after.at[a] && truth(row[2]) === YES) cites.push(...row[3]);
    }
  });
  return [...new Set(cites)];
}
