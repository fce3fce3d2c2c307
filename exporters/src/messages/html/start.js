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
  // The folded text, and where each of its letters stands in the text itself.
  const spread = (text) => {
    let plain = "", place = 0;
    const places = [];
    for (const letter of text) {
      const folded = letter === " " ? " " : fold(letter);
      for (let at = 0; at < folded.length; at++) places.push(place);
      plain += folded;
      place += letter.length;
    }
    return [plain, [...places, place]];
  };
  const mark = (into, text, asked) => {
    const [plain, places] = spread(text);
    const first = Math.min(...asked.map((word) => plain.indexOf(word)).filter((at) => at >= 0), plain.length);
    const from = first < plain.length ? Math.max(0, places[first] - 60) : 0, end = Math.min(text.length, from + 240);
    if (from > 0) into.append("… ");
    let at = from, next = first < plain.length ? first : -1;
    while (next >= 0) {
      const word = asked.filter((word) => plain.startsWith(word, next)).sort((a, b) => b.length - a.length)[0];
      const last = next + word.length;
      if (places[next] >= end) break;
      // A letter that became two is marked whole.
      const stop = places[last] > places[last - 1] ? places[last] : places[last - 1] + 1;
      const piece = document.createElement("mark");
      piece.textContent = text.slice(Math.max(at, places[next]), stop);
      into.append(text.slice(at, places[next]), piece);
      at = stop;
      const found = asked.map((word) => plain.indexOf(word, last)).filter((at) => at >= 0);
      next = found.length ? Math.min(...found) : -1;
    }
    into.append(text.slice(at, Math.max(at, end)));
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
