// Conditions as somebody writes them: the language of model/EXPRESSIONS.md. What is read becomes conditions of the data.

const KEYWORDS = new Set(["and", "or", "not", "is", "in", "true", "false"]);

class Unreadable extends Error {}

// Reads a text and gives the number of its condition, which is written down behind the others.
function parserOf(data, semantics) {
  const actorOf = new Map(data.actors.map((of, a) => [of.name, a]));
  const eventOf = new Map(data.events.map((of, e) => [of.name, e]));
  const vocabulary = [...actorOf.keys(), ...eventOf.keys(), ...Object.keys(data.predicates)];

  const put = (row) => semantics.added(row);

  function tokensOf(text) {
    const found = [], pattern = /\s*(?:([(){},])|"((?:[^"\\]|\\.)*)"|([\p{L}\p{N}_]+(?:[.+-][\p{L}\p{N}_]+)*))/guy;
    let at = 0;
    while (at < text.trimEnd().length) {
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (!match) throw new Unreadable(`at character ${at + 1}: ${text.slice(at).trim()[0]} is not understood`);
      at = pattern.lastIndex;
      if (match[1]) found.push({ sign: match[1] });
      else if (match[2] !== undefined) found.push({ word: match[2].replace(/\\(.)/g, "$1"), quoted: true });
      else found.push({ word: match[3], quoted: false });
    }
    return found;
  }

  function parse(text) {
    const tokens = tokensOf(text);
    let at = 0;
    const isWord = (word) => tokens[at] && tokens[at].word === word && !tokens[at].quoted;
    const isSign = (sign) => tokens[at] && tokens[at].sign === sign;
    const eat = (what) => (isWord(what) || isSign(what)) ? (at++, true) : false;
    const here = () => tokens[at] ? `${tokens[at].sign ?? tokens[at].word}` : "the end";
    function need(what) {
      if (!eat(what)) throw new Unreadable(`there should be "${what}" where there is ${here()}`);
    }
    function name(what) {
      if (!tokens[at] || tokens[at].word === undefined || (!tokens[at].quoted && KEYWORDS.has(tokens[at].word))) {
        throw new Unreadable(`there should be ${what} where there is ${here()}`);
      }
      return tokens[at++].word;
    }
    function either() {
      const parts = [both()];
      while (eat("or")) parts.push(both());
      return parts.length === 1 ? parts[0] : put(["or", parts]);
    }
    function both() {
      const parts = [single()];
      while (eat("and")) parts.push(single());
      return parts.length === 1 ? parts[0] : put(["and", parts]);
    }
    function single() {
      if (eat("not")) return put(["not", single()]);
      if (eat("true")) return put(["and", []]);
      if (eat("false")) return put(["or", []]);
      if (eat("(")) {
        const found = either();
        need(")");
        return found;
      }
      const word = name("a condition");
      if (eat("is")) {
        const negated = eat("not");
        return leaf(word, [name("a state")], negated);
      }
      if (isWord("in")) return within(word, false);
      if (isWord("not")) {
        at++;
        return within(word, true);
      }
      return bare(word);
    }
    function within(word, negated) {
      need("in");
      need("{");
      const names = [name("a state")];
      while (eat(",")) names.push(name("a state"));
      need("}");
      return leaf(word, names, negated);
    }
    const found = either();
    if (at < tokens.length) throw new Unreadable(`the end should be where there is ${here()}`);
    return found;
  }

  function leaf(word, names, negated) {
    const a = actorOf.get(word);
    if (a === undefined) throw new Unreadable(`there is no actor ${word}${nearest(word, [...actorOf.keys()])}`);
    const of = data.actors[a], values = new Set();
    for (const each of names) {
      if (Object.hasOwn(of.groups, each)) of.groups[each].forEach((value) => values.add(value));
      else if (of.states.includes(each)) values.add(of.states.indexOf(each));
      else {
        const known = [...of.states, ...Object.keys(of.groups)];
        throw new Unreadable(`${word} has no state ${each}${nearest(each, known)}; it has ${known.join(", ")}`);
      }
    }
    const found = put(["in", a, [...values].sort((x, y) => x - y), [...names].sort()]);
    return negated ? put(["not", found]) : found;
  }

  // A predicate, or an event: it may happen.
  function bare(word) {
    if (Object.hasOwn(data.predicates, word)) return data.predicates[word];
    const event = data.events[eventOf.get(word)];
    if (!event) throw new Unreadable(`there is no predicate or event ${word}${nearest(word, vocabulary)}`);
    const offers = event.participants.map((a, k) => put(["or", event.rows[k].map((row) =>
      put(["and", [put(["in", a, row[0], row[0].map((value) => data.actors[a].states[value])]), row[2]]]))]));
    return put(["and", [event.guard, ...offers]]);
  }

  return parse;
}

// ", did you mean …", where a known name is near.
function nearest(name, known) {
  let best = null, least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const each of known) {
    const far = distance(name.toLowerCase(), each.toLowerCase());
    if (far < least) [best, least] = [each, far];
  }
  return best ? ` (did you mean ${best}?)` : "";
}

function distance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[other.length];
}
