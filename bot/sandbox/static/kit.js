// Shows Block Kit: blocks of messages, modals and the Home tab, with their buttons, menus and inputs.
import { el, nameOf } from "./dom.js";
import { link, mrkdwnBlock, plain, richText, textObject, typed } from "./text.js";
import { grow, tools } from "./composer.js";

const CHOOSE = "Vælg …";
let serial = 0;

// `act(element, block, choose)` is called for clicks; `state` is what a view already holds.
export function blocks(list, context) {
  return list.map((block) => one(block, context)).filter(Boolean);
}

function one(block, context) {
  const { space } = context;
  switch (block.type) {
    case "header": return el("h2", { className: "b-header" }, plain(block.text.text));
    case "divider": return el("hr", {});
    case "rich_text": return el("div", { className: "b-rich" }, richText(block, space));
    case "section": return section(block, context);
    case "context": return el("div", { className: "b-context" }, block.elements.map((part) =>
      part.type === "image" ? el("span", {}, `🖼 ${part.alt_text}`) : textObject(part, space)));
    case "actions": return el("div", { className: "b-actions" }, block.elements.map((part) => active(part, block, context)));
    case "input": return input(block, context);
    case "image": return el("p", { className: "b-image" }, `🖼 ${block.alt_text}`);
    case "markdown": return el("div", { className: "b-rich" }, mrkdwnBlock(block.text, space));
    default: return el("p", { className: "b-unknown" }, `[${block.type}]`);
  }
}

function section(block, context) {
  const main = el("div", { className: "b-main" },
    block.text ? textObject(block.text, context.space) : null,
    block.fields ? el("div", { className: "b-fields" }, block.fields.map((field) =>
      el("div", {}, textObject(field, context.space)))) : null);
  return el("div", { className: "b-section" }, main, block.accessory ? active(block.accessory, block, context) : null);
}

function sure(element) {
  const ask = element.confirm;
  return !ask || window.confirm(`${ask.title.text}\n\n${ask.text.text}`);
}

function active(element, block, context) {
  if (element.type === "button") return button(element, block, context);
  if (element.type === "image") return el("span", { className: "b-thumb" }, `🖼 ${element.alt_text}`);
  const { node, read } = control(element, block, context);
  const send = () => {
    const value = read();
    if (value !== null && value !== "" && sure(element)) context.act(element, block, value);
  };
  node.addEventListener("change", send);
  if (context.collect) context.collect.push({ block, element, read, changed: () => false });
  return node;
}

function button(element, block, context) {
  const press = () => {
    if (!sure(element)) return;
    if (element.url) window.open(link(element.url).href, "_blank", "noopener");
    context.act(element, block, null);
  };
  return el("button", { type: "button", className: `b-button ${element.style || ""}`, onclick: press,
    "aria-label": element.accessibility_label }, plain(element.text.text));
}

function input(block, context) {
  const id = `felt-${(serial += 1)}`;
  const { node, read, changed, group } = control(block.element, block, context, id);
  const wrong = el("p", { className: "wrong", id: `${id}-fejl` });
  wrong.dataset.block = block.block_id;
  const label = [plain(block.label.text), block.optional ? el("span", { className: "optional" }, " (valgfrit)") : null];
  const hint = block.hint ? el("p", { className: "hint" }, plain(block.hint.text)) : null;
  context.collect?.push({ block, element: block.element, read, changed });
  if (block.dispatch_action) node.addEventListener("change", () => context.act(block.element, block, read()));
  if (group) return el("fieldset", { className: "field" }, el("legend", {}, label), node, hint, wrong);
  return el("div", { className: "field" }, el("label", { htmlFor: id }, label), node, hint, wrong);
}

// A control gives its node, a reader of its value, and whether somebody changed it.
function control(element, block, context, id) {
  const held = (context.state?.[block.block_id] || {})[element.action_id] || {};
  switch (element.type) {
    case "plain_text_input": return written(element, id, element.multiline ? "area" : "text", held.value);
    case "rich_text_input": return written(element, id, "rich", held.rich_text_value);
    case "email_text_input": return written(element, id, "email", held.value);
    case "url_text_input": return written(element, id, "url", held.value);
    case "number_input": return written(element, id, "number", held.value);
    case "datepicker": return written(element, id, "date", held.selected_date ?? element.initial_date);
    case "timepicker": return written(element, id, "time", held.selected_time ?? element.initial_time);
    case "datetimepicker": return moment(element, id, held.selected_date_time ?? element.initial_date_time);
    case "radio_buttons": return ticks(element, "radio", [held.selected_option ?? element.initial_option], rows(element));
    case "checkboxes": return ticks(element, "checkbox", held.selected_options ?? element.initial_options, rows(element));
    case "multi_static_select": return ticks(element, "checkbox", held.selected_options ?? element.initial_options, rows(element));
    case "external_select": return external(element, id, held.selected_option ?? element.initial_option, context);
    case "multi_external_select": return external(element, id, (held.selected_options || [])[0], context, true);
    default: return menu(element, id, held, context);
  }
}

function rows(element) {
  const grouped = (element.option_groups || []).flatMap((group) => group.options);
  return [...(element.options || []), ...grouped];
}

function tracked(node, read) {
  let touched = false;
  for (const kind of ["input", "change"]) node.addEventListener(kind, () => { touched = true; });
  return { node, read, changed: () => touched };
}

function written(element, id, kind, value) {
  const wide = kind === "area" || kind === "rich";
  const field = el(wide ? "textarea" : "input", {
    id, type: wide ? undefined : kind, rows: wide ? 5 : undefined,
    value: (kind === "rich" ? typed(value) : value) ?? "",
    placeholder: element.placeholder?.text ?? "", "aria-label": id ? undefined : element.placeholder?.text || "Felt",
    step: element.is_decimal_allowed ? "any" : undefined, min: element.min_value, max: element.max_value });
  if (wide) {
    field.addEventListener("input", () => grow(field));
    setTimeout(() => grow(field));
  }
  const node = kind === "rich" ? el("div", { className: "rich-input" }, tools(field), field) : field;
  return tracked(node, () => field.value);
}

function moment(element, id, value) {
  const local = value ? new Date(value * 1000 - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 16) : "";
  const field = el("input", { id, type: "datetime-local", value: local });
  return tracked(field, () => (field.value ? Math.floor(new Date(field.value).getTime() / 1000) : null));
}

function ticks(element, type, chosen, options) {
  const name = `valg-${(serial += 1)}`;
  const on = new Set((chosen || []).filter(Boolean).map((each) => each.value ?? each));
  const boxes = options.map((option) => {
    const box = el("input", { type, name, value: option.value, checked: on.has(option.value) });
    return { box, row: el("label", { className: "tick" }, box, el("span", {}, plain(option.text.text),
      option.description ? el("small", {}, plain(option.description.text)) : null)) };
  });
  const picked = () => boxes.filter(({ box }) => box.checked).map(({ box }) => box.value);
  const node = el("div", { className: "ticks" }, boxes.map(({ row }) => row));
  const read = type === "radio" ? () => picked()[0] ?? null : picked;
  return { ...tracked(node, read), group: true };
}

function menu(element, id, held, { space }) {
  const kind = element.type.replace("multi_", "").replace("_select", "");
  const several = element.type.startsWith("multi_");
  const key = `selected_${{ users: "user", channels: "channel", conversations: "conversation" }[kind] || "option"}`;
  const start = held[several ? `${key}s` : key] ?? element[`initial_${key.slice(9)}${several ? "s" : ""}`];
  const choices = kind === "users" ? space.people.map((each) => option(each.id, nameOf(each.id, space)))
    : kind === "channels" || kind === "conversations"
      ? Object.entries(space.names).filter(([, name]) => name).map(([channel, name]) => option(channel, `#${name}`))
      : rows(element);
  if (several) return ticks(element, "checkbox", start, choices);
  return single(element, id, start?.value ?? start, choices);
}

const option = (value, text) => ({ value, text: { text } });

function single(element, id, start, choices) {
  const label = element.type === "overflow" ? "⋯" : element.placeholder?.text || CHOOSE;
  const node = el("select", { id, className: "b-select", "aria-label": id ? undefined : label },
    el("option", { value: "" }, label),
    choices.map((each) => el("option", { value: each.value, selected: each.value === start }, plain(each.text.text))));
  return tracked(node, () => node.value || null);
}

function external(element, id, start, context, several = false) {
  const picker = el("select", { className: "b-select", "aria-label": "Fundne muligheder" },
    start ? el("option", { value: "0" }, start.text.text) : el("option", { value: "" }, CHOOSE));
  let found = start ? [start] : [];
  const field = el("input", { id, type: "search", placeholder: element.placeholder?.text || "Søg …" });
  let pause;
  field.addEventListener("input", (event) => {
    event.stopPropagation();
    clearTimeout(pause);
    pause = setTimeout(async () => {
      found = await context.suggest(element, field.value);
      picker.replaceChildren(...found.map((each, at) => el("option", { value: String(at) }, each.text.text)));
      picker.dispatchEvent(new Event("change", { bubbles: true }));
    }, 250);
  });
  const read = () => {
    const chosen = picker.value === "" ? null : found[Number(picker.value)] ?? null;
    return several ? (chosen ? [chosen] : []) : chosen;
  };
  return tracked(el("div", { className: "external" }, field, picker), read);
}
