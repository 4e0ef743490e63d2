// How the claims stand: in the state that is shown, and in the run that led there.

const STANDING = {
  broken: { sign: "✗", says: "broken here" },
  was: { sign: "✗", says: "was broken on the way" },
  owed: { sign: "…", says: "owed, and not kept yet" },
  open: { sign: "?", says: "hangs on what is open" },
  reached: { sign: "✓", says: "reached" },
  tried: { sign: "✓", says: "put to the test, and kept" },
  beyond: { sign: "·", says: "no single run tells: ccmproof check judges it" },
  quiet: { sign: "○", says: "not put to the test yet" },
};

// [{claim, standing, since}]: since is the number of the state from which on it stands so, where that tells something.
function standingsOf(data, semantics, states) {
  const truths = states.map((state) => semantics.truthsIn(state));
  return data.claims.map((claim) => ({ claim, ...standingOf(claim, truths) }));
}

function standingOf(claim, truths) {
  const last = truths.length - 1;
  const first = (number) => truths.findIndex((truth) => truth(number) === YES);
  if (claim.kind === "beyond") return { standing: "beyond", since: -1 };
  if (claim.kind === "promise") return promiseOf(claim, truths);
  const met = first(claim.broken);
  if (claim.kind === "possible") {
    if (met >= 0) return { standing: "reached", since: met };
    return { standing: truths[last](claim.broken) === OPEN ? "open" : "quiet", since: -1 };
  }
  if (truths[last](claim.broken) === YES) return { standing: "broken", since: last };
  if (met >= 0) return { standing: "was", since: met };
  if (truths[last](claim.broken) === OPEN) return { standing: "open", since: last };
  const tried = first(claim.attempt);
  return tried >= 0 ? { standing: "tried", since: tried } : { standing: "quiet", since: -1 };
}

// A promise is owed from a state on in which its premise holds, until a state in which it is kept.
function promiseOf(claim, truths) {
  let since = -1, kept = -1;
  truths.forEach((truth, number) => {
    if (since < 0 && truth(claim.attempt) === YES) since = number;
    if (since >= 0 && truth(claim.kept) === YES) {
      kept = number;
      since = -1;
    }
  });
  if (since >= 0) return { standing: "owed", since };
  return kept >= 0 ? { standing: "tried", since: kept } : { standing: "quiet", since: -1 };
}
