// Messages: what is said, by whom, with what hangs on it, and what one may do about it.
import { avatar, clock, day, el, nameOf, sync } from "./dom.js";
import { blocks } from "./kit.js";
import { composer } from "./composer.js";
import { CHOICES, emoji, mrkdwnBlock, typed } from "./text.js";

let space = null;
let place = null;
let act = null;
let pull = null;
let go = null;
let refresh = null;

// `room` is where one is and what one can do: space, place, act, pull, go and refresh.
export function showMessages(list, messages, { thread, room }) {
  ({ space, place, act, pull, go, refresh } = room);
  fill(list, messages, { thread });
}

function fill(list, messages, { thread }) {
  const mine = messages.length && messages[messages.length - 1].user === place.person && list.lastElementChild
    && list.lastElementChild.dataset.key !== messages[messages.length - 1].ts;
  const low = mine || list.scrollHeight - list.scrollTop - list.clientHeight < 80 || list.dataset.at !== place.channel + place.thread;
  list.dataset.at = place.channel + place.thread;
  const rows = [];
  let last = null;
  for (const message of messages) {
    if (!last || day(last.ts) !== day(message.ts)) {
      rows.push({ key: `d-${day(message.ts)}`, state: "", make: () => el("div", { className: "day" }, el("span", {}, day(message.ts))) });
      last = null;
    }
    const close = last && last.user === message.user && message.ts - last.ts < 300 && !message.ephemeral && !last.ephemeral;
    rows.push({ key: message.ts, state: JSON.stringify([message, close, place.person]), make: () => row(message, { close, thread }) });
    last = message;
  }
  sync(list, rows);
  if (low) list.scrollTop = list.scrollHeight;
}

function row(message, { close, thread }) {
  const gone = message.subtype === "tombstone";
  const head = close ? null : el("div", { className: "head" },
    el("strong", {}, gone ? "Slettet" : nameOf(message.user, space)),
    message.bot_id ? el("span", { className: "app" }, "APP") : null,
    el("time", {}, clock(message.ts)));
  const body = el("div", { className: "body" },
    message.ephemeral ? el("p", { className: "only-you" }, "👁 Kun synlig for dig") : null,
    head, message.subtype === "thread_broadcast" && !thread ? el("button", { className: "in-thread",
      onclick: () => go({ thread: message.thread_ts }) }, "Svarede i en tråd") : null,
    gone ? el("p", { className: "gone" }, "Beskeden er slettet.") : content(message),
    message.edited ? el("span", { className: "edited" }, "(redigeret)") : null,
    previews(message), files(message), reactions(message), thread ? null : replies(message));
  return el("article", { className: `message ${close ? "close" : ""} ${message.ephemeral ? "ephemeral" : ""}`,
    "aria-label": `${nameOf(message.user, space)} kl. ${clock(message.ts)}` },
  close ? el("time", { className: "side-time" }, clock(message.ts)) : avatar(message.user, space),
  body, gone || message.ephemeral ? null : bar(message, thread));
}

function content(message) {
  const shown = (message.blocks || []).length ? blocks(message.blocks, {
    space, act: (element, block, choose) => act("click", { ts: message.ts, block_id: block.block_id,
      action_id: element.action_id, choose }) })
    : message.text ? mrkdwnBlock(message.text, space) : [];
  return el("div", { className: `content ${message.bot_id ? "from-app" : ""}` }, shown);
}

function previews(message) {
  return (message.attachments || []).map((each) => el("span", { className: "preview" }, each.title || each.fallback || each.text));
}

function files(message) {
  return (message.files || []).map((file) => el("a", { className: "file", href: `/page/files/${encodeURIComponent(file.id)}`,
    download: file.name }, el("span", { className: "file-kind", "aria-hidden": "true" }, file.filetype.slice(0, 4)),
  el("span", {}, el("strong", {}, file.title || file.name), el("small", {}, `${file.pretty_type} · ${size(file.size)} · Hent`))));
}

function size(bytes) {
  return bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1048576).toFixed(1).replace(".", ",")} MB`;
}

function reactions(message) {
  const found = message.reactions || [];
  return found.length ? el("div", { className: "reactions" }, found.map((each) => {
    const mine = each.users.includes(place.person);
    const who = each.users.map((user) => nameOf(user, space)).join(", ");
    return el("button", { className: `reaction ${mine ? "mine" : ""}`, title: who, "aria-pressed": String(mine),
      "aria-label": `${emoji(each.name)} ${each.count} (${each.name}): ${who}`, onclick: () => act("react", { ts: message.ts, name: each.name }) },
    emoji(each.name), el("span", {}, String(each.count)));
  })) : null;
}

function replies(message) {
  if (!message.reply_count) return null;
  const count = message.reply_count;
  return el("button", { className: "replies", onclick: () => go({ thread: message.ts }) },
    (message.reply_users || []).slice(0, 4).map((user) => avatar(user, space)),
    el("span", {}, count === 1 ? "1 svar" : `${count} svar`), el("time", {}, `senest kl. ${clock(message.latest_reply)}`));
}

function bar(message, thread) {
  const tool = (label, sign, act_) => el("button", { title: label, "aria-label": label, onclick: act_ }, sign);
  const own = message.user === place.person;
  return el("div", { className: "bar", role: "toolbar", "aria-label": "Handlinger for beskeden" },
    CHOICES.slice(0, 3).map((name) => tool(`Reagér med ${name}`, emoji(name), () => act("react", { ts: message.ts, name }))),
    thread ? null : tool("Svar i tråd", "💬", () => go({ thread: message.thread_ts || message.ts })),
    own ? tool("Redigér", "✎", (event) => rewrite(event.target.closest("article"), message)) : null,
    own ? tool("Slet", "🗑", () => window.confirm("Vil du slette beskeden?") && act("delete", { ts: message.ts })) : null,
    more(message));
}

const LEVERS = [["unfurl", "Fold links ud", "uden at beskeden er redigeret"],
  ["touch", "Meld en ændring", "hvor intet er ændret"]];

function more(message) {
  const choose = (deed) => () => {
    menu.open = false;
    deed();
  };
  const menu = el("details", { className: "more" },
    el("summary", { title: "Flere handlinger", "aria-label": "Flere handlinger" }, "⋯"),
    el("div", { className: "more-list" },
      space.shortcuts.map((each) => el("button", { onclick: choose(() => act("shortcut", { ts: message.ts, callback_id: each.callback_id })) },
        each.name, el("small", {}, space.bot.name))),
      LEVERS.map(([lever, name, note]) => el("button", { onclick: choose(() => pull(lever, { channel: place.channel, ts: message.ts })) },
        name, el("small", {}, `Slack, ${note}`)))));
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") menu.open = false;
  });
  menu.addEventListener("focusout", (event) => {
    if (!menu.contains(event.relatedTarget)) menu.open = false;
  });
  return menu;
}

function rewrite(article, message) {
  const rich = (message.blocks || []).find((each) => each.type === "rich_text");
  const form = el("form", { className: "composer rewrite" });
  const back = el("button", { type: "button", className: "b-button", onclick: () => { delete article.dataset.state; refresh(); } }, "Fortryd");
  const field = composer(form, { id: `ret-${message.ts}`, label: "Ret beskeden",
    send: async (text) => (await act("edit", { ts: message.ts, typed: text })).ok, attach: () => {}, hints: () => [] });
  form.append(back);
  field.value = rich ? typed(rich) : message.text;
  article.querySelector(".content").replaceChildren(form);
  field.dispatchEvent(new Event("input"));
  field.focus();
}
