// Shows text: mrkdwn, rich_text and emoji; and turns rich_text back into what one types.
import { el, nameOf } from "./dom.js";

const EMOJI = {
  white_check_mark: "✅", heavy_check_mark: "✔️", eyes: "👀", "+1": "👍", thumbsup: "👍", "-1": "👎", x: "❌",
  warning: "⚠️", hourglass: "⌛", hourglass_flowing_sand: "⏳", pencil: "📝", pencil2: "✏️", memo: "📝", email: "📧",
  envelope: "✉️", incoming_envelope: "📨", inbox_tray: "📥", outbox_tray: "📤", paperclip: "📎", page_facing_up: "📄",
  calendar: "📅", date: "📅", alarm_clock: "⏰", clock3: "🕒", heart: "❤️", tada: "🎉", question: "❓",
  exclamation: "❗", bulb: "💡", mag: "🔍", speech_balloon: "💬", bell: "🔔", lock: "🔒", unlock: "🔓",
  arrow_right: "➡️", leftwards_arrow_with_hook: "↩️", repeat: "🔁", information_source: "ℹ️", no_entry: "⛔",
  red_circle: "🔴", large_yellow_circle: "🟡", large_green_circle: "🟢", white_circle: "⚪", large_blue_circle: "🔵",
  round_pushpin: "📍", scroll: "📜", books: "📚", bust_in_silhouette: "👤", busts_in_silhouette: "👥", pray: "🙏",
  smile: "😄", slightly_smiling_face: "🙂", clap: "👏", raised_hands: "🙌", heavy_plus_sign: "➕", construction: "🚧",
};
export const CHOICES = ["white_check_mark", "eyes", "+1", "heart", "question", "pray"];

export function emoji(name) {
  const plain = name.split("::")[0];
  return EMOJI[plain] || `:${plain}:`;
}

function safe(url) {
  return /^(https?:|mailto:)/i.test(url) ? url : "#";
}

export function link(url, label) {
  return el("a", { href: safe(url), target: "_blank", rel: "noopener noreferrer" }, label || url);
}

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
const mention = (text) => el("span", { className: "mention" }, text);

const INLINE = new RegExp([
  "<@(?<user>[A-Z0-9]+)(?:\\|[^>]*)?>", "<#(?<channel>[A-Z0-9]+)(?:\\|(?<cname>[^>]*))?>",
  "<!subteam\\^(?<group>[A-Z0-9]+)(?:\\|[^>]*)?>", "<!date\\^\\d+\\^[^|>]*\\|(?<date>[^>]*)>",
  "<!(?<all>here|channel|everyone)(?:\\|[^>]*)?>", "<(?<url>[^|>\\s]+:[^|>\\s]+)(?:\\|(?<label>[^>]+))?>",
  "`(?<code>[^`\\n]+)`", "(?<![\\w*])\\*(?<bold>\\S(?:[^*\\n]*\\S)?)\\*(?![\\w*])",
  "(?<![\\w_])_(?<italic>\\S(?:[^_\\n]*\\S)?)_(?![\\w_])", "(?<![\\w~])~(?<strike>\\S(?:[^~\\n]*\\S)?)~(?![\\w~])",
  "(?<![\\w:]):(?<emoji>[a-z0-9_+\\-]+):",
].join("|"), "g");

export function mrkdwn(text, space) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(INLINE)) {
    nodes.push(unescape(text.slice(at, found.index)));
    nodes.push(piece(found.groups, space));
    at = found.index + found[0].length;
  }
  nodes.push(unescape(text.slice(at)));
  return nodes;
}

function piece(found, space) {
  if (found.user) return mention(`@${nameOf(found.user, space)}`);
  if (found.channel) return mention(`#${found.cname || space.names[found.channel] || "kanal"}`);
  if (found.group) return mention(`@${space.groups[found.group] || "gruppe"}`);
  if (found.date) return found.date;
  if (found.all) return mention(`@${found.all}`);
  if (found.url) return link(unescape(found.url), found.label && unescape(found.label));
  if (found.code) return el("code", {}, unescape(found.code));
  if (found.bold) return el("strong", {}, mrkdwn(found.bold, space));
  if (found.italic) return el("em", {}, mrkdwn(found.italic, space));
  if (found.strike) return el("s", {}, mrkdwn(found.strike, space));
  return emoji(found.emoji);
}

// Lines that begin with &gt; are quotes; the rest keeps its line breaks.
export function mrkdwnBlock(text, space) {
  const parts = [];
  for (const line of text.split("\n")) {
    const quoted = line.startsWith("&gt;");
    const last = parts[parts.length - 1];
    const rest = quoted ? line.replace(/^&gt; ?/, "") : line;
    if (last && last.quoted === quoted) last.lines.push(rest);
    else parts.push({ quoted, lines: [rest] });
  }
  return parts.map(({ quoted, lines }) =>
    el(quoted ? "blockquote" : "div", { className: "text" }, mrkdwn(lines.join("\n"), space)));
}

export function plain(text) {
  return text.replace(/:([a-z0-9_+\-]+):/g, (whole, name) => EMOJI[name] || whole);
}

export function textObject(node, space) {
  return node.type === "mrkdwn" ? mrkdwnBlock(node.text, space) : [el("div", { className: "text" }, plain(node.text))];
}

export function richText(block, space) {
  const out = [];
  for (const part of block.elements) {
    if (part.type === "rich_text_list") out.push(list(part, space));
    else if (part.type === "rich_text_quote") out.push(el("blockquote", { className: "text" }, inlines(part, space)));
    else if (part.type === "rich_text_preformatted") out.push(el("pre", {}, inlines(part, space)));
    else out.push(el("div", { className: "text" }, inlines(part, space)));
  }
  return out;
}

function list(part, space) {
  const items = part.elements.map((item) => el("li", {}, inlines(item, space)));
  const node = el(part.style === "ordered" ? "ol" : "ul", {}, items);
  if (part.offset) node.start = part.offset + 1;
  node.style.marginInlineStart = `${(part.indent || 0) * 1.5}em`;
  return node;
}

function inlines(part, space) {
  return part.elements.map((one) => styled(one, inline(one, space)));
}

function inline(one, space) {
  switch (one.type) {
    case "text": return one.text;
    case "link": return link(one.url, one.text);
    case "emoji": return emoji(one.name);
    case "user": return mention(`@${nameOf(one.user_id, space)}`);
    case "channel": return mention(`#${space.names[one.channel_id] || "kanal"}`);
    case "usergroup": return mention(`@${space.groups[one.usergroup_id] || "gruppe"}`);
    case "broadcast": return mention(`@${one.range}`);
    case "date": return one.fallback || new Date(one.timestamp * 1000).toLocaleString("da-DK");
    default: return one.text || one.fallback || one.value || "";
  }
}

function styled(one, node) {
  const style = one.style || {};
  let made = node;
  if (style.code) made = el("code", {}, made);
  if (style.strike) made = el("s", {}, made);
  if (style.italic) made = el("em", {}, made);
  if (style.bold) made = el("strong", {}, made);
  return made;
}

// The other way: what one would have typed to get this rich text.
export function typed(block) {
  if (!block) return "";
  const counts = {};
  return block.elements.map((part) => {
    if (part.type === "rich_text_list") {
      const pad = "  ".repeat(part.indent || 0);
      counts[part.indent || 0] = part.offset || 0;
      return part.elements.map((item) => {
        const mark = part.style === "ordered" ? `${(counts[part.indent || 0] += 1)}.` : "-";
        return `${pad}${mark} ${typedInlines(item)}`;
      }).join("\n");
    }
    if (part.type === "rich_text_quote") return typedInlines(part).split("\n").map((line) => `> ${line}`).join("\n");
    if (part.type === "rich_text_preformatted") return `\`\`\`\n${typedInlines(part)}\n\`\`\``;
    return typedInlines(part).replace(/\n$/, "");
  }).join("\n");
}

function typedInlines(part) {
  return part.elements.map((one) => {
    const marks = one.style || {};
    const edge = (marks.bold ? "*" : "") + (marks.italic ? "_" : "") + (marks.strike ? "~" : "");
    return edge + bare(one) + [...edge].reverse().join("");
  }).join("");
}

function bare(one) {
  if (one.type === "link") return one.text ? `<${one.url}|${one.text}>` : one.url;
  if (one.type === "user") return `<@${one.user_id}>`;
  if (one.type === "channel") return `<#${one.channel_id}>`;
  if (one.type === "usergroup") return `<!subteam^${one.usergroup_id}>`;
  if (one.type === "emoji") return `:${one.name}:`;
  return one.text || one.fallback || "";
}
