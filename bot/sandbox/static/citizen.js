// The citizen's corner: a form that mails a submission, and the mails that came back.
import { byId, el, sync } from "./dom.js";

const BLANK = "Der er ikke kommet nogen mails endnu. Kvitteringen dukker op her, når den er sendt.";
let built = false;

export function showCitizen(space, notify) {
  if (!built) build(notify);
  addresses(space);
  const list = byId("mails");
  const rows = space.mails.map((mail, at) => ({ key: String(space.mails.length - at), state: "", make: () => letter(mail) }));
  byId("no-mails").hidden = rows.length > 0;
  sync(list, rows);
}

function addresses(space) {
  const to = byId("borger-to");
  const state = space.hearing_addresses.join(" ");
  if (to.dataset.state === state) return;
  to.dataset.state = state;
  to.replaceChildren(...space.hearing_addresses.map((each) => el("option", { value: each }, each)));
}

function letter(mail) {
  const when = new Date(mail.date);
  return el("li", { className: "mail" },
    el("details", {},
      el("summary", {}, el("strong", {}, mail.subject || "(uden emne)"),
        el("span", {}, `Til ${mail.to}`),
        el("time", {}, Number.isNaN(when.valueOf()) ? "" : when.toLocaleString("da-DK", { dateStyle: "medium", timeStyle: "short" }))),
      el("p", { className: "from" }, `Fra ${mail.from}`),
      el("pre", {}, mail.text),
      mail.files.length ? el("p", {}, `Vedhæftet: ${mail.files.join(", ")}`) : null));
}

function field(label, name, { type = "text", value = "", tag = "input", ...more } = {}) {
  const id = `borger-${name}`;
  return el("div", { className: "field" }, el("label", { htmlFor: id }, label),
    el(tag, { id, name, type: tag === "input" ? type : undefined, value, required: true, ...more }));
}

function build(notify) {
  built = true;
  const status = el("p", { role: "status", className: "sent" });
  const to = el("select", { id: "borger-to", name: "to", required: true });
  const form = el("form", { className: "citizen-form" },
    el("h2", {}, "Skriv et høringssvar"),
    el("p", { className: "hint" }, "Mailen sendes til høringspostkassen, som hvis du havde skrevet den i dit eget mailprogram."),
    field("Dit navn", "name", { autocomplete: "off" }),
    field("Din mailadresse", "address", { type: "email", value: "", placeholder: "navn@example.dk", autocomplete: "off" }),
    el("div", { className: "field" }, el("label", { htmlFor: "borger-to" }, "Til"), to),
    field("Emne", "subject"),
    field("Høringssvar", "text", { tag: "textarea", rows: 9 }),
    el("div", { className: "field" }, el("label", { htmlFor: "borger-file" }, "Bilag ", el("span", { className: "optional" }, "(valgfrit)")),
      el("input", { id: "borger-file", name: "file", type: "file", multiple: true })),
    el("button", { type: "submit", className: "b-button primary" }, "Send høringssvar"), status);
  form.addEventListener("submit", (event) => send(event, { form, status, notify }));
  byId("citizen").replaceChildren(
    el("div", { className: "pane-head" }, el("h1", {}, "Borger"), el("p", {}, "Her er du ikke i Slack, men en borger med et mailprogram")),
    el("div", { className: "citizen-columns" }, form,
      el("section", { className: "mailbox", "aria-label": "Mails, der er kommet tilbage" },
        el("h2", {}, "Mails, der er kommet tilbage"),
        el("p", { id: "no-mails", className: "hint" }, BLANK),
        el("ul", { id: "mails" }))));
}

async function send(event, { form, status, notify }) {
  event.preventDefault();
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  status.textContent = "Sender …";
  try {
    const answer = await (await fetch("/page/mail", { method: "POST", body: new FormData(form) })).json();
    status.textContent = answer.ok ? "Høringssvaret er sendt. Kvitteringen dukker op blandt mailene om lidt." : "";
    if (answer.ok) for (const name of ["subject", "text", "file"]) form.elements[name].value = "";
    else notify(answer.error === "not_sent" ? `Mailen blev ikke modtaget: ${answer.detail}` : "Der er ingen høringspostkasse at skrive til.");
  } finally {
    button.disabled = false;
  }
}
