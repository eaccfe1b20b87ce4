// Faults on demand: the levers behind the scenes, pulled by hand.
import { byId, el, sync } from "./dom.js";

const NAMES = {
  drop_before: "forbindelsen brydes, før Slack har udført det", drop_after: "forbindelsen brydes, efter at Slack har udført det",
  error_before: "500, før det er udført", error_after: "500, efter at det er udført", limited: "429 med Retry-After",
  hang: "hænger, uden at det udføres", hang_after: "hænger, efter at det er udført", refused: "Slack siger nej (se fejlens navn)",
  lose: "hændelsen kommer aldrig frem", duplicate: "hændelsen kommer to gange", reorder: "hændelsen kommer efter den næste",
  late: "hændelsen kommer for sent",
};
const TARGETS = ["*", "chat.postMessage", "chat.update", "chat.postEphemeral", "conversations.history", "conversations.replies",
  "conversations.join", "reactions.get", "files.completeUploadExternal", "views.open", "views.publish", "users.info",
  "usergroups.users.list", "auth.test", "message", "app_mention", "reaction_added", "reaction_removed", "block_actions",
  "view_submission", "message_action", "slash_commands"];
const ERRORS = ["is_archived", "not_in_channel", "channel_not_found", "missing_scope", "msg_too_long", "invalid_blocks", "fatal_error"];
const DEAD = [["", "Virker"], ["token_revoked", "Trukket tilbage"], ["account_inactive", "Slået fra"], ["invalid_auth", "Ukendt"]];
const DOWN = [["", "Slack svarer"], ["broken", "Forbindelser brydes"], ["unavailable", "503"]];
const ENDS = [["refresh_requested", "Skift forbindelse"], ["warning", "Varsl et skift"], ["cut", "Bryd uden varsel"]];
let pull = null;
let kept = {};

export async function showFaults(lever) {
  pull = lever;
  const now = await (await fetch("/page/levers")).json();
  if (!byId("fault-cards")) build();
  const rows = [["Nu", state(now)], ["Nedbrud", choice(DOWN, now.down, (how) => pull("outage", { how }))],
    ["Appens token", choice(DEAD, now.dead_tokens[0] ?? "", (error) => pull("tokens", { error }))],
    ["Forbindelser", ends()], ["Rettigheder (scopes)", scopes(now)]];
  sync(byId("fault-cards"), [{ key: "plan", state: "", make: () => planner(now) },
    ...rows.map(([title, { seen, make }]) => ({ key: title, state: JSON.stringify(seen), make: () => card(title, make()) }))]);
}

function build() {
  byId("faults").replaceChildren(
    el("div", { className: "pane-head" }, el("h1", {}, "Fejl på bestilling"), el("p", {}, "Her bestemmer du, hvad Slack skal gøre galt")),
    el("div", { id: "fault-cards", className: "fault-cards" }));
}

const counted = (number, one, several) => `${number} ${number === 1 ? one : several}`;

const card = (title, ...inside) => el("section", { className: "fault-card", "aria-label": title }, el("h2", {}, title), inside);

function state(now) {
  const well = !now.plans.length && !now.down && !now.dead_tokens.length;
  return { seen: [now.plans, well, now.struck, now.connections, now.unacknowledged], make: () => [
    well ? el("p", { className: "all-well" }, "Ingen fejl er bestilt.") : null,
    now.plans.length ? el("ul", {}, now.plans.map((each) => el("li", {}, el("code", {}, each.target), ` ${NAMES[each.fault]} `,
      each.error ? el("code", {}, each.error) : null, each.left === null ? " hver gang" : ` ${counted(each.left, "gang", "gange")}`))) : null,
    el("p", { className: "hint" }, [`${now.struck} fejl er indtruffet`, counted(now.connections, "åben forbindelse", "åbne forbindelser"),
      `${counted(now.unacknowledged, "hændelse", "hændelser")} venter på kvittering`].join(" · ")),
    el("div", { className: "b-actions" }, el("button", { className: "b-button primary", onclick: () => pull("clear") }, "Lad alt gå godt igen"))] };
}

function choice(rows, chosen, act) {
  return { seen: chosen, make: () => el("div", { className: "b-actions", role: "group" }, rows.map(([value, label]) =>
    el("button", { className: `b-button ${value === chosen ? (value ? "on" : "primary") : ""}`, "aria-pressed": String(value === chosen),
      onclick: () => act(value) }, label))) };
}

function ends() {
  return { seen: "", make: () => [el("div", { className: "b-actions" },
    ENDS.map(([reason, label]) => el("button", { className: "b-button", onclick: () => pull("disconnect", { reason }) }, label))),
  el("p", { className: "hint" }, "Over HTTP kan den sidste forespørgsel sendes igen, som den var, eller forfalsket."),
  el("div", { className: "b-actions" },
    el("button", { className: "b-button", onclick: () => pull("repeat") }, "Send igen"),
    el("button", { className: "b-button", onclick: () => pull("repeat", { age: 600 }) }, "Ti minutter gammel"),
    el("button", { className: "b-button", onclick: () => pull("repeat", { secret: "forkert" }) }, "Falsk underskrift"))] };
}

function scopes(now) {
  return { seen: now.scopes, make: () => el("div", { className: "scopes" }, now.all_scopes.map((each) => {
    const box = el("input", { type: "checkbox", checked: now.scopes.includes(each) });
    box.addEventListener("change", () => pull("scopes", {
      scopes: box.checked ? [...now.scopes, each] : now.scopes.filter((held) => held !== each) }));
    return el("label", { className: "tick" }, box, each);
  })) };
}

function planner(now) {
  const field = (label, node) => el("div", { className: "field" }, el("label", { htmlFor: node.id }, label), node);
  const list = (id, values) => el("datalist", { id }, values.map((value) => el("option", { value })));
  const fault = el("select", { id: "fejl-hvad" }, now.faults.map((each) => el("option", { value: each }, NAMES[each])));
  const target = el("input", { id: "fejl-hvor", value: kept.target ?? "chat.postMessage", list: "fejl-maal" });
  const error = el("input", { id: "fejl-navn", value: "is_archived", list: "fejl-navne" });
  const times = el("input", { id: "fejl-gange", type: "number", min: 0, value: 1 });
  const seconds = el("input", { id: "fejl-sekunder", type: "number", min: 0, value: 5 });
  const form = el("form", { onsubmit: (event) => {
    event.preventDefault();
    kept = { target: target.value };
    pull("plan", { target: target.value, fault: fault.value, error: error.value, times: Number(times.value), seconds: Number(seconds.value) });
  } }, field("Hvad", fault), field("Hvor (metode, hændelse eller *)", target), field("Fejlens navn, når Slack siger nej", error),
  field("Hvor mange gange (0 er hver gang)", times), field("Sekunder (429, hænger, for sent)", seconds),
  list("fejl-maal", TARGETS), list("fejl-navne", ERRORS),
  el("div", { className: "b-actions" }, el("button", { type: "submit", className: "b-button primary" }, "Bestil fejlen")));
  return card("Bestil en fejl", form);
}
