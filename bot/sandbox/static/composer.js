// The field where one writes: buttons for bold, italic, lists and links, Enter to send.
import { el } from "./dom.js";

function wrap(field, before, after) {
  const { selectionStart: from, selectionEnd: to, value } = field;
  field.setRangeText(before + value.slice(from, to) + after, from, to, "end");
  if (from === to) field.selectionStart = field.selectionEnd = from + before.length;
  changed(field);
}

function prefix(field, mark) {
  const from = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const lines = field.value.slice(from, field.selectionEnd).split("\n");
  const marked = lines.map((line, at) => (mark === "1. " ? `${at + 1}. ` : mark) + line).join("\n");
  field.setRangeText(marked, from, field.selectionEnd, "end");
  changed(field);
}

function changed(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

export function tools(field) {
  const tool = (label, sign, act, cls = "") =>
    el("button", { type: "button", className: `tool ${cls}`, title: label, "aria-label": label, onclick: act },
      el("span", { "aria-hidden": "true" }, sign));
  return el("div", { className: "tools", role: "toolbar", "aria-label": "Formatering" },
    tool("Fed", "F", () => wrap(field, "*", "*"), "b"),
    tool("Kursiv", "K", () => wrap(field, "_", "_"), "i"),
    tool("Gennemstreget", "S", () => wrap(field, "~", "~"), "s"),
    tool("Link", "🔗", () => wrap(field, "<https://", "|tekst>")),
    tool("Punktliste", "•", () => prefix(field, "- ")),
    tool("Nummereret liste", "1.", () => prefix(field, "1. ")),
    tool("Citat", "❝", () => prefix(field, "> ")));
}

export function grow(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, 260)}px`;
}

export function composer(form, { id, label, send, attach, hints }) {
  const field = el("textarea", { id, rows: 1, "aria-label": label, placeholder: label, autocomplete: "off" });
  const hint = el("div", { className: "hints", "aria-live": "polite" });
  const file = el("input", { type: "file", className: "visually-hidden", tabIndex: -1, "aria-hidden": "true" });
  const deliver = async () => {
    const text = field.value;
    if (!text.trim()) return;
    field.value = "";
    hint.replaceChildren();
    grow(field);
    if (!(await send(text))) field.value = text;
    grow(field);
  };
  field.addEventListener("input", () => {
    grow(field);
    hint.replaceChildren(...(field.value.startsWith("/") ? hints(field.value) : []));
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      deliver();
    }
  });
  file.addEventListener("change", async () => {
    if (file.files.length) await attach(file.files[0]);
    file.value = "";
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    deliver();
  });
  form.replaceChildren(hint, tools(field), field,
    el("div", { className: "send-row" },
      el("button", { type: "button", className: "tool", title: "Vedhæft en fil", "aria-label": "Vedhæft en fil",
        onclick: () => file.click() }, "📎"),
      file,
      el("span", { className: "help" }, "Enter sender · Skift+Enter giver ny linje"),
      el("button", { type: "submit", className: "send", "aria-label": "Send" }, "➤ Send")));
  return field;
}
