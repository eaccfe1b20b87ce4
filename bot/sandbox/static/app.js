// The page itself: who one is, where one is, what is there, and what one does.
import { byId, el, sync } from "./dom.js";
import { blocks } from "./kit.js";
import { showModal } from "./modal.js";
import { showCitizen } from "./citizen.js";
import { composer } from "./composer.js";
import { showMessages } from "./messages.js";
import { showFaults } from "./faults.js";

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

async function pull(lever, body) {
  const answer = await (await fetch(`/page/levers/${lever}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}),
  })).json();
  if (!answer.ok) notify(`Det gik ikke: ${answer.detail || answer.error}`);
  await refresh();
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
  for (const name of ["channel", "home", "citizen", "faults"]) byId(name).hidden = place.view !== name;
  if (place.view === "channel" && space.channel) drawChannel();
  if (place.view === "home") drawHome();
  if (place.view === "citizen") showCitizen(space, notify);
  if (place.view === "faults") showFaults(pull);
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
    view("citizen", "✉ Borger: send høringssvar"), heading("Bag scenen"), view("faults", "⚡ Fejl på bestilling"));
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
  drawTools(channel);
  showMessages(byId("messages"), channel.messages, { thread: false, room: room() });
}

const room = () => ({ space, place, act, pull, go, refresh });

function drawTools(channel) {
  const tool = (label, deed) => el("button", { className: "b-button small", onclick: deed }, label);
  const rename = () => {
    const name = window.prompt("Kanalens nye navn", channel.name);
    if (name) act("rename", { name });
  };
  const made = () => el("div", {}, tool(channel.bot ? "Smid appen ud" : "Tag appen med", () => act("bot", {})),
    tool("Omdøb", rename), tool(channel.archived ? "Tag i brug igen" : "Arkivér", () => act("archive", {})));
  const state = JSON.stringify([channel.id, channel.name, channel.bot, channel.archived]);
  sync(byId("channel-tools"), channel.kind === "im" ? [] : [{ key: "tools", state, make: made }]);
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
  showMessages(byId("replies"), space.thread, { thread: true, room: room() });
}

function drawReply(form) {
  form.dataset.for = place.thread;
  const also = el("input", { type: "checkbox" });
  composer(form, { id: "thread-text", label: "Svar i tråden", send: async (text) => {
    const sent = await send(text, place.thread, also.checked);
    if (sent) also.checked = false;
    return sent;
  },
    attach: (file) => upload(file, place.thread), hints: () => [el("p", {}, "Kommandoer virker ikke i tråde.")] });
  form.append(el("label", { className: "also" }, also, "Vis også svaret i kanalen"));
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

async function send(text, thread, broadcast = false) {
  if (text.startsWith("/") && !thread) return (await act("command", { typed: text })).ok;
  return (await act("say", { typed: text, thread, broadcast })).ok;
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
