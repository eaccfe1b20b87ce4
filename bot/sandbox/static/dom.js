// Makes elements. Everything from people goes in as text, never as markup.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key in node && !["list", "form", "type"].includes(key)) node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const byId = (id) => document.getElementById(id);

// Puts rows in place and leaves alone what is unchanged, so that focus and open menus survive.
export function sync(parent, rows) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let at = parent.firstElementChild;
  for (const { key, state, make } of rows) {
    const kept = old.get(key);
    let node = kept;
    if (!kept || kept.dataset.state !== state) {
      node = make();
      node.dataset.key = key;
      node.dataset.state = state;
      if (kept) {
        if (at === kept) at = node;
        kept.replaceWith(node);
      }
    }
    old.delete(key);
    if (node === at) at = at.nextElementSibling;
    else parent.insertBefore(node, at);
  }
  for (const node of old.values()) node.remove();
}

const COLOURS = ["#8a3b12", "#0f5c5c", "#5b3a8c", "#1d5fa8", "#7a2048", "#3d6117", "#6b4e00", "#34495e"];

export function avatar(user, space) {
  const bot = user === space.bot.id;
  const person = space.people.find((each) => each.id === user);
  const sum = [...user].reduce((all, sign) => all + sign.charCodeAt(0), 0);
  const node = el("span", { className: "avatar", "aria-hidden": "true" },
    bot ? "❦" : person ? person.initials || initials(person.real_name) : "?");
  node.style.background = bot ? "#1b3a57" : COLOURS[sum % COLOURS.length];
  return node;
}

function initials(name) {
  const parts = name.split(" ").filter(Boolean);
  return ((parts[0] || "?")[0] + (parts.length > 1 ? parts[parts.length - 1][0] : "")).toUpperCase();
}

export function nameOf(user, space) {
  if (user === space.bot.id) return space.bot.name;
  const person = space.people.find((each) => each.id === user);
  return person ? person.real_name : "Slackbot";
}

export function clock(ts) {
  return new Date(Number(ts) * 1000).toLocaleTimeString("da-DK", { hour: "2-digit", minute: "2-digit" });
}

export function day(ts) {
  return new Date(Number(ts) * 1000).toLocaleDateString("da-DK", { weekday: "long", day: "numeric", month: "long" });
}
