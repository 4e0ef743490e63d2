// Elements, made from data. Text is always text: nothing that a model says is read as HTML.

function element(tag, traits = {}, ...children) {
  const made = document.createElementNS(SVG_TAGS.has(tag) ? SVG : HTML, tag);
  for (const [name, value] of Object.entries(traits)) {
    if (name === "on") for (const [event, act] of Object.entries(value)) made.addEventListener(event, act);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

const HTML = "http://www.w3.org/1999/xhtml", SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "line", "path", "text", "circle", "g"]);
const the = (id) => document.getElementById(id);
const put = (id, ...children) => the(id).replaceChildren(...children.flat(Infinity));

// Do something that makes parts of the page anew; whoever had the focus there has it afterwards on what took its place:
// the same choice, or the first of those that are there now.
function keepingFocus(act) {
  const had = document.activeElement, part = had?.closest("#enabled, #environment, #claims, #steps, #ways");
  const label = had?.getAttribute("aria-label"), place = part && [...part.querySelectorAll("button")].indexOf(had);
  act();
  if (!part || had.isConnected) return;
  const there = [...part.querySelectorAll("button:not(:disabled)")];
  const next = there.find((each) => label && each.getAttribute("aria-label") === label)
    ?? (part.id === "enabled" ? part.querySelector("button.event") ?? there[0] : there[Math.min(place, there.length - 1)]);
  (next ?? part.closest("section")).focus();
}
const counted = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
