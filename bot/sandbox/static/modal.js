// Shows the topmost modal and sends it.
import { byId, el } from "./dom.js";
import { blocks } from "./kit.js";
import { plain } from "./text.js";

let shown = "";
let collected = [];

export function showModal(view, { space, act, say }) {
  const dialog = byId("modal");
  const state = view ? `${view.id}:${view.hash}` : "";
  if (state === shown) return;
  shown = state;
  collected = [];
  if (!view) {
    if (dialog.open) dialog.close();
    dialog.replaceChildren();
    return;
  }
  const context = {
    space,
    state: view.state.values,
    collect: collected,
    act: (element, block, choose) => act("click", { view: view.id, block_id: block.block_id,
      action_id: element.action_id, choose, values: values() }),
    suggest: async (element, typed) => (await act("options", { action_id: element.action_id, typed })).options || [],
  };
  const dismiss = () => act("close", {});
  const form = el("form", { method: "dialog", onsubmit: (event) => submit(event, { act, say }) },
    el("div", { className: "modal-head" },
      el("h2", { id: "modal-title" }, plain(view.title.text)),
      el("button", { type: "button", className: "quiet", "aria-label": "Luk", onclick: dismiss }, "✕")),
    el("div", { className: "modal-body" }, blocks(view.blocks, context)),
    el("div", { className: "modal-foot" },
      el("button", { type: "button", className: "b-button", onclick: dismiss }, view.close ? plain(view.close.text) : "Annuller"),
      view.submit ? el("button", { type: "submit", className: "b-button primary" }, plain(view.submit.text)) : null));
  dialog.oncancel = (event) => {
    event.preventDefault();
    dismiss();
  };
  dialog.replaceChildren(form);
  if (!dialog.open) dialog.showModal();
  (form.querySelector(".modal-body textarea, .modal-body input, .modal-body select") ?? form.querySelector("button[type=submit]"))?.focus();
}

function values() {
  return collected.filter((each) => each.changed()).map(({ block, element, read }) =>
    ({ block_id: block.block_id, action_id: element.action_id, value: read() }));
}

async function submit(event, { act }) {
  event.preventDefault();
  const button = event.target.querySelector("button[type=submit]");
  button.disabled = true;
  for (const note of event.target.querySelectorAll(".wrong")) note.textContent = "";
  const answer = await act("submit", { values: values() });
  button.disabled = false;
  let first = true;
  for (const note of event.target.querySelectorAll(".wrong")) {
    const wrong = (answer.errors || {})[note.dataset.block];
    if (!wrong) continue;
    note.textContent = translated(wrong);
    if (first) note.parentElement.querySelector("input, textarea, select")?.focus();
    first = false;
  }
}

function translated(wrong) {
  return wrong === "Please complete this required field." ? "Feltet skal udfyldes." : wrong;
}
