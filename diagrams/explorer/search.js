// "Take me to a state where …": breadth first from the state that is shown, so that the way is a shortest one. Where an
// event hangs on what is open, both answers are tried: they are no step, and the way says them.

const MOST_STATES = 60000;

// First where everything that is open is as usual, which is one environment, and then wherever. What the way does not
// hang on stays open.
function* searchInTwo(semantics, from, goal) {
  const closed = closings(semantics, from, goal);
  if (closed.length) {
    const usual = narrowedBy(semantics, from, closed);
    const found = yield* searchFor(semantics, usual, goal);
    if (found.tokens) return { tokens: loosened(semantics, from, usual, found.tokens, goal), usual: true };
  }
  return yield* searchFor(semantics, from, goal);
}

// The tokens that give every unknown that is open the first value that goes with the others, and with the goal if there
// is one.
function closings(semantics, state, goal = -1) {
  const tokens = [], wanted = goal < 0 ? new Map() : askedOf(semantics, goal);
  const first = (actor, values) => values.find((each) => semantics.narrow(state, actor, [each]) !== null);
  // What the goal asks for first: what is usual of the others may exclude it.
  const order = [...semantics.actors.keys()].sort((one, other) => wanted.has(other) - wanted.has(one));
  for (const actor of order) {
    if (state.at[actor] >= 0) continue;
    const asked = state.may[actor].filter((value) => wanted.get(actor)?.(value) ?? true);
    const value = first(actor, asked) ?? first(actor, state.may[actor]);
    tokens.push(narrowToken(actor, [value]));
    state = semantics.narrow(state, actor, [value]);
  }
  return tokens;
}

const narrowedBy = (semantics, state, tokens) =>
  tokens.map(readToken).reduce((here, { actor, values }) => semantics.narrow(here, actor, values), state);

// What a goal asks of unknowns by parts that must all hold: for each a test of its values.
function askedOf(semantics, goal) {
  const found = new Map();
  const look = (number, wanted) => {
    const row = semantics.conditions[number];
    if (row[0] === "in" && semantics.still[row[1]]) {
      const former = found.get(row[1]) ?? (() => true);
      found.set(row[1], (value) => former(value) && row[2].includes(value) === wanted);
    } else if (row[0] === "not") look(row[1], !wanted);
    else if (row[0] === "named") look(row[1], wanted);
    else if (row[0] === (wanted ? "and" : "or")) row[1].forEach((part) => look(part, wanted));
  };
  look(goal, true);
  return found;
}

// The same steps, and of the environment only what they, and the goal at their end, hang on.
function loosened(semantics, from, usual, steps, goal) {
  const tokens = [];
  let state = from;
  const answer = ({ actor, inside, outside }) => {
    const values = inside.includes(usual.at[actor]) ? inside : outside;
    tokens.push(narrowToken(actor, values));
    state = semantics.narrow(state, actor, values);
  };
  for (const token of steps) {
    const { event: number, outcome } = readToken(token), event = semantics.events[number];
    while (semantics.may(event, state) === OPEN) answer(semantics.asks(event, state));
    tokens.push(token);
    state = semantics.outcomes(event, state)[outcome];
  }
  for (let asked = semantics.question(goal, state); asked; asked = semantics.question(goal, state)) answer(asked);
  return tokens;
}

// Yields the number of states so far, and at last {tokens} or {tokens: null, all}: all says that there are no more.
function* searchFor(semantics, from, goal, most = MOST_STATES) {
  const known = new Set([keyOf(from)]);
  let ring = [{ state: from, token: null, former: null }];
  const wayTo = (node) => {
    const tokens = [];
    for (let each = node; each.former; each = each.former) tokens.unshift(each.token);
    return tokens;
  };
  while (ring.length) {
    const next = [];
    // A ring is what is so many steps away: an answer adds to the ring itself.
    for (let i = 0; i < ring.length; i++) {
      const node = ring[i], truth = semantics.truthsIn(node.state);
      const reached = truth(goal);
      if (reached === YES) return { tokens: wayTo(node) };
      if (known.size > most) return { tokens: null, all: false };
      if (i % 200 === 199) yield known.size;
      if (reached === OPEN) {
        answer(node, semantics.question(goal, node.state, truth));
        continue;
      }
      semantics.events.forEach((event, e) => {
        const may = semantics.may(event, node.state, truth);
        if (may === OPEN) answer(node, semantics.asks(event, node.state, truth));
        if (may !== YES) return;
        semantics.outcomes(event, node.state, truth).forEach((state, outcome) => {
          add(next, { state, token: stepToken(e, outcome), former: node });
        });
      });
    }
    ring = next;
    yield known.size;

    function answer(node, asked) {
      for (const values of [asked.inside, asked.outside]) {
        const state = semantics.narrow(node.state, asked.actor, values);
        if (state) add(ring, { state, token: narrowToken(asked.actor, values), former: node });
      }
    }
  }
  return { tokens: null, all: true };

  function add(list, node) {
    const key = keyOf(node.state);
    if (!known.has(key)) {
      known.add(key);
      list.push(node);
    }
  }
}

function keyOf(state) {
  const open = Object.entries(state.may).map(([actor, values]) => `${actor}:${values.join("+")}`);
  return `${state.at.join()}|${open.join()}`;
}
