"use strict";
(() => {
  // Names are found in the list; messages in the index, whose files are scripts that call corer() with data: from
  // file:// a page can read nothing else. Everything that is shown goes in as text.
  const MOST = 200, KEPT = 40e6;
  const byId = (id) => document.getElementById(id);
  const box = document.querySelector(".find"), field = byId("find"), which = byId("which"), sort = byId("sort");
  const list = document.querySelector(".chats"), hits = byId("hits"), told = byId("told");
  if (!list) return;
  box.hidden = false;
  const rows = [...list.children];
  const fold = (text) =>
    /^[\x00-\x7f]*$/.test(text) ? text.toLowerCase()
      : text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const names = rows.map((row) => fold([".name", ".people"].map((part) => {
    const found = row.querySelector(part);
    return found ? found.textContent : "";
  }).join(" ")));

  const words = () => fold(field.value).split(/\s+/).filter(Boolean);
  const showRows = (asked) => {
    let shown = 0;
    rows.forEach((row, at) => {
      const kind = !which.value || row.dataset.kind === which.value;
      row.hidden = !(kind && asked.every((word) => names[at].includes(word)));
      shown += row.hidden ? 0 : 1;
    });
    told.textContent = asked.length || which.value
      ? `${shown.toLocaleString("en")} of ${rows.length.toLocaleString("en")} conversations` : "";
  };
  const sortRows = () => {
    const order = {
      name: (a, b) => a.querySelector(".name").textContent.localeCompare(b.querySelector(".name").textContent),
      count: (a, b) => b.dataset.count - a.dataset.count,
    }[sort.value];
    list.append(...(order ? [...rows].sort(order) : rows));
  };

  let given = null, index = null, kept = new Map(), size = 0, run = 0;
  window.corer = (data) => { given = data; };
  const load = (address) => new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => { script.remove(); done(given); given = null; };
    script.onerror = fail;
    document.head.append(script);
  });
  const shard = async (name) => {
    if (kept.has(name)) return kept.get(name);
    const blocks = await load(new URL(name, new URL(box.dataset.index, location.href)).href);
    let length = 0;
    for (const [, , , messages] of blocks) {
      for (const message of messages) { message.push(fold(message[3])); length += message[3].length; }
    }
    size += length;
    if (size < KEPT) kept.set(name, blocks);
    return blocks;
  };

  const date = (minute) => {
    if (minute === null) return "";
    const at = new Date(minute * 60000);
    return at.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
  };
  const mark = (into, text, asked) => {
    // Folding may change lengths, so marks are set where the text itself holds a word in some case.
    const lower = text.toLowerCase(), places = asked.map((word) => lower.indexOf(word)).filter((at) => at >= 0);
    const from = Math.max(0, Math.min(...places, lower.length) - 60);
    let at = places.length ? from : 0;
    const end = Math.min(text.length, at + 240);
    if (at > 0) into.append("… ");
    while (at < end) {
      let next = end, length = 0;
      for (const word of asked) {
        const found = lower.length === text.length ? lower.indexOf(word, at) : -1;
        if (found >= 0 && found < next) { next = found; length = word.length; }
      }
      into.append(text.slice(at, next));
      if (length) {
        const piece = document.createElement("mark");
        piece.textContent = text.slice(next, next + length);
        into.append(piece);
      }
      at = next + (length || 1);
      if (!length) break;
    }
    if (end < text.length) into.append(" …");
  };
  const hit = ([chat, page, who, [id, minute, person, text]], asked) => {
    const [title, folder] = index.chats[chat];
    const row = document.createElement("li"), link = document.createElement("a");
    link.href = `${folder}${page > 1 ? `page-${page}` : "index"}.html#${id}`;
    for (const [kind, words] of [["name", title], ["when", date(minute)], ["who", who[person]]]) {
      const part = document.createElement("span");
      part.className = kind;
      part.dir = "auto";
      part.textContent = words;
      link.append(part);
    }
    const said = document.createElement("span");
    said.className = "said";
    said.dir = "auto";
    mark(said, text.replace(/\s+/g, " "), asked);
    link.append(said);
    row.append(link);
    return row;
  };
  const show = (found, count, asked, ended) => {
    found.sort((a, b) => (b[3][1] ?? -1e9) - (a[3][1] ?? -1e9));
    found.length = Math.min(found.length, MOST);
    hits.hidden = false;
    const number = `${count.toLocaleString("en")} ${count === 1 ? "message" : "messages"}`;
    byId("found").textContent = (ended ? number : `${number} so far …`)
      + (count > MOST ? `, the newest ${MOST} of them` : "");
    hits.querySelector("ol").replaceChildren(...found.map((one) => hit(one, asked)));
  };
  const search = async () => {
    const own = ++run, asked = words();
    showRows(asked);
    hits.hidden = true;
    if (!box.dataset.index || asked.join("").length < 2) return;
    try {
      index = index || await load(box.dataset.index);
      const found = [];
      let count = 0, drawn = performance.now();
      for (const name of index.shards) {
        for (const [chat, page, who, messages] of await shard(name)) {
          for (const message of messages) {
            if (asked.every((word) => message[4].includes(word))) { found.push([chat, page, who, message]); count++; }
          }
        }
        if (own !== run) return;
        if (performance.now() - drawn > 400) { show(found, count, asked, false); drawn = performance.now(); }
      }
      show(found, count, asked, true);
    } catch {
      hits.hidden = false;
      byId("found").textContent = "The search index is not beside this page.";
    }
  };
  let wait = 0;
  field.addEventListener("input", () => { clearTimeout(wait); showRows(words()); wait = setTimeout(search, 200); });
  which.addEventListener("change", () => showRows(words()));
  sort.addEventListener("change", sortRows);
  // The browser may bring back what was typed before.
  if (field.value || which.value) search();
  if (sort.value) sortRows();
})();
