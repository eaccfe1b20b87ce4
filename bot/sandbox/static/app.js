// The page itself: who one is, where one is, what is there, and what one does.
import { avatar, byId, clock, day, el, nameOf, sync } from "./dom.js";
import { blocks } from "./kit.js";
import { showModal } from "./modal.js";
import { showCitizen } from "./citizen.js";
import { composer } from "./composer.js";
import { CHOICES, emoji, mrkdwnBlock, typed } from "./text.js";

const WRONG = {
  unanswered: "Appen svarede ikke i tide. Prøv igen om lidt.",
  not_in_channel: "Du er ikke med i kanalen. Bliv medlem først.",
  is_archived: "Kanalen er arkiveret.",
  unknown_command: "Den kommando findes ikke.",
  message_not_found: "Beskeden findes ikke længere.",
  cant_update_message: "Du kan kun ændre dine egne beskeder.",
  thread_not_found: "Tråden findes ikke længere.",
};

const place = { person: sessionStorage.getItem("person") || "", view: "channel", channel: "", thread: "" };
const seen = new Map();
let space = null;
let asking = null;

function notify(text) {
  const box = byId("notice");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(notify.timer);
  notify.timer = setTimeout(() => { box.hidden = true; }, 7000);
}

async function act(deed, body) {
  const answer = await (await fetch(`/page/act/${deed}`, {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ person: place.person, channel: place.channel, ...body }),
  })).json();
  if (!answer.ok) notify(WRONG[answer.error] || `Det gik ikke: ${answer.detail || answer.error}`);
  await refresh();
  return answer;
}

async function refresh() {
  if (asking) {
    asking.again = true;
    return asking.done;
  }
  const run = async () => {
    do {
      asking.again = false;
      const query = new URLSearchParams({ person: place.person, channel: place.channel, thread: place.thread });
      if (!place.person) query.delete("person");
      const answer = await (await fetch(`/page/view?${query}`)).json();
      if (answer.ok) space = answer;
      if (!answer.ok && place.person) place.person = "";
    } while (asking.again);
  };
  asking = { again: false };
  asking.done = run().finally(() => { asking = null; });
  await asking.done;
  if (space) draw();
}

function draw() {
  if (!place.person && space.people.length) {
    choosePerson(space.people[0].id);
    return;
  }
  if (!space.channels) {
    notify("Der er ingen mennesker på arbejdspladsen endnu. Giv den en fil med --workspace.");
    return;
  }
  if (!space.channels.some((each) => each.id === place.channel)) {
    const mine = space.channels.find((each) => each.member && each.kind !== "im");
    if (mine) {
      go({ channel: mine.id });
      return;
    }
  }
  byId("team").textContent = space.team;
  byId("link").textContent = space.connected ? "Appen er forbundet" : "Appen er ikke forbundet";
  byId("link").className = `link ${space.connected ? "on" : "off"}`;
  drawWho();
  drawSidebar();
  for (const name of ["channel", "home", "citizen"]) byId(name).hidden = place.view !== name;
  if (place.view === "channel" && space.channel) drawChannel();
  if (place.view === "home") drawHome();
  if (place.view === "citizen") showCitizen(space, notify);
  drawThread();
  showModal(space.modal, { space, act });
}

function drawWho() {
  const who = byId("who");
  if (who.childElementCount !== space.people.length) {
    who.replaceChildren(...space.people.map((each) =>
      el("option", { value: each.id }, each.title ? `${each.real_name} – ${each.title}` : each.real_name)));
  }
  who.value = place.person;
}

function drawSidebar() {
  const kinds = [["channel", "Kanaler"], ["im", "Direkte beskeder"]];
  const rows = [];
  for (const [kind, title] of kinds) {
    const found = space.channels.filter((each) => (kind === "im") === (each.kind === "im"));
    if (found.length) rows.push(heading(title), ...found.map(door));
  }
  rows.push(heading("Apps"), view("home", `❦ ${space.bot.name}`), heading("Uden for Slack"),
    view("citizen", "✉ Borger: send høringssvar"));
  sync(byId("sidebar"), rows);
}

const heading = (title) => ({ key: `h-${title}`, state: "", make: () => el("h2", {}, title) });

function door(channel) {
  const here = place.view === "channel" && channel.id === place.channel;
  if (here) seen.set(channel.id, channel.latest);
  const unread = channel.member && channel.latest > (seen.get(channel.id) ?? "");
  const name = channel.kind === "im" ? space.bot.name : channel.name;
  const sign = channel.kind === "im" ? "●" : channel.kind === "group" ? "🔒" : "#";
  const note = channel.archived ? " (arkiveret)" : channel.member ? "" : " (ikke medlem)";
  return {
    key: channel.id, state: JSON.stringify([here, unread, name, note]),
    make: () => el("button", { className: `door ${here ? "here" : ""} ${unread ? "unread" : ""} ${note ? "dim" : ""}`,
      "aria-current": here ? "page" : undefined, onclick: () => go({ view: "channel", channel: channel.id, thread: "" }) },
    el("span", { "aria-hidden": "true" }, sign), ` ${name}${note}`,
    unread ? el("span", { className: "dot", role: "img", "aria-label": "ulæste beskeder" }) : null),
  };
}

function view(name, title) {
  const here = place.view === name;
  return { key: `v-${name}`, state: `${here}${title}`, make: () => el("button", {
    className: `door ${here ? "here" : ""}`, "aria-current": here ? "page" : undefined,
    onclick: async () => {
      go({ view: name, thread: "" });
      if (name === "home") await act("open_home", {});
    } }, title) };
}

function drawChannel() {
  const { channel } = space;
  byId("channel-name").textContent = channel.kind === "im" ? space.bot.name : `# ${channel.name}`;
  byId("channel-topic").textContent = channel.topic || `${channel.members.length} medlemmer`;
  drawComposer(channel);
  fill(byId("messages"), channel.messages, { thread: false });
}

function drawComposer(channel) {
  const form = byId("composer");
  const closed = channel.archived ? "archived" : channel.member ? "" : "stranger";
  if (form.dataset.for === channel.id + closed) return;
  form.dataset.for = channel.id + closed;
  if (closed === "archived") form.replaceChildren(el("p", { className: "closed" }, "Kanalen er arkiveret."));
  else if (closed) {
    form.replaceChildren(el("p", { className: "closed" }, "Du er ikke medlem af kanalen. ",
      el("button", { type: "button", className: "b-button primary", onclick: () => act("join", {}) }, "Bliv medlem")));
  } else {
    composer(form, { id: "composer-text", label: channel.kind === "im" ? `Skriv til ${space.bot.name}` : `Skriv i #${channel.name}`,
      send: (text) => send(text, ""), attach: (file) => upload(file, ""), hints });
  }
}

function drawThread() {
  const pane = byId("thread");
  const open = place.view === "channel" && place.thread && space.thread.length > 0;
  pane.hidden = !open;
  document.body.classList.toggle("with-thread", Boolean(open));
  if (!open) return;
  byId("thread-channel").textContent = space.channel.kind === "im" ? space.bot.name : `# ${space.channel.name}`;
  const form = byId("thread-composer");
  if (form.dataset.for !== place.thread) drawReply(form);
  fill(byId("replies"), space.thread, { thread: true });
}

function drawReply(form) {
  form.dataset.for = place.thread;
  composer(form, { id: "thread-text", label: "Svar i tråden", send: (text) => send(text, place.thread),
    attach: (file) => upload(file, place.thread), hints: () => [el("p", {}, "Kommandoer virker ikke i tråde.")] });
}

function drawHome() {
  byId("home-name").textContent = space.bot.name;
  const { home } = space;
  const rows = home ? [{ key: home.id, state: home.hash, make: () => el("div", {}, blocks(home.blocks, {
    space, state: home.state.values, act: (element, block, choose) =>
      act("click", { view: home.id, block_id: block.block_id, action_id: element.action_id, choose }) })) }]
    : [{ key: "none", state: "", make: () => el("p", { className: "hint" }, "Appen har ikke vist noget på startsiden endnu.") }];
  sync(byId("home-blocks"), rows);
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
    head, gone ? el("p", { className: "gone" }, "Beskeden er slettet.") : content(message),
    message.edited ? el("span", { className: "edited" }, "(redigeret)") : null,
    files(message), reactions(message), thread ? null : replies(message));
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

function more(message) {
  if (!space.shortcuts.length) return null;
  const menu = el("details", { className: "more" },
    el("summary", { title: "Flere handlinger", "aria-label": "Flere handlinger" }, "⋯"),
    el("div", { className: "more-list" }, space.shortcuts.map((each) => el("button", { onclick: () => {
      menu.open = false;
      act("shortcut", { ts: message.ts, callback_id: each.callback_id });
    } }, each.name, el("small", {}, space.bot.name)))));
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

async function send(text, thread) {
  if (text.startsWith("/") && !thread) return (await act("command", { typed: text })).ok;
  return (await act("say", { typed: text, thread })).ok;
}

async function upload(file, thread) {
  const form = new FormData();
  for (const [key, value] of Object.entries({ person: place.person, channel: place.channel, thread, file })) form.append(key, value);
  const answer = await (await fetch("/page/upload", { method: "POST", body: form })).json();
  if (!answer.ok) notify("Filen blev ikke delt.");
  await refresh();
}

function hints(text) {
  const word = text.split(" ")[0];
  const found = space.commands.filter((each) => each.command.startsWith(word));
  return found.map((each) => el("p", {}, el("strong", {}, each.command), ` ${each.usage_hint} `, el("small", {}, each.description)));
}

function go(where) {
  Object.assign(place, where);
  byId("sidebar").classList.remove("open");
  byId("menu").setAttribute("aria-expanded", "false");
  history.replaceState(null, "", `#${new URLSearchParams({ view: place.view, channel: place.channel, thread: place.thread })}`);
  refresh();
}

function choosePerson(id) {
  place.person = id;
  sessionStorage.setItem("person", id);
  seen.clear();
  refresh();
}

function start() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  for (const key of ["view", "channel", "thread", "person"]) if (wanted.get(key)) place[key] = wanted.get(key);
  byId("who").addEventListener("change", (event) => choosePerson(event.target.value));
  byId("thread-close").addEventListener("click", () => go({ thread: "" }));
  byId("menu").addEventListener("click", () => {
    const open = byId("sidebar").classList.toggle("open");
    byId("menu").setAttribute("aria-expanded", String(open));
  });
  new EventSource("/page/changes").onmessage = refresh;
}

start();
