// Search over window.JUESUAN (search.js) and filters of the findings. Nothing is fetched, and text is only ever set as text.
"use strict";
(() => {
  const LIMIT = 50;
  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
  const form = document.getElementById("search");
  const data = window.JUESUAN;
  if (form && data) {
    const say = form.dataset;
    const entries = data.departments.map(([name, former, region, key, slug, simulated]) => ({
      order: 1, keys: [name, key, ...former, region].map(plain), name, former, region, simulated, href: `department/${slug}.html`,
    })).concat(data.metrics.map(([metric, labels]) => ({
      order: 3, keys: [...Object.values(labels), metric].map(plain), name: labels[say.language], former: [], kind: "metric",
      href: "metrics.html", anchor: metric, lang: document.documentElement.lang,
    }))).concat(data.codes.map(([kind, code, names, file]) => ({
      order: 5, keys: [code, ...names].map(plain), name: `${code} ${names.at(-1)}`, former: names.slice(0, -1), kind,
      href: `code/${file}.html`,
    })));
    const NONE = 99;
    const rank = (entry, query, words) => {
      // What is typed whole comes first, then departments, then metrics, then codes; of each the words apart come last.
      const { keys, order } = entry;
      const best = Math.min(...keys.map((key, index) =>
        (key === query ? 0 : key.startsWith(query) ? order : key.includes(query) ? order + 1 : NONE) + index / 100));
      if (best < NONE || words.length < 2) return best;
      return words.every((word) => keys.some((key) => key.includes(word))) ? order + 1.5 : NONE;
    };
    const input = document.getElementById("q");
    const list = document.getElementById("results");
    const found = document.getElementById("found");
    const search = () => {
      const query = plain(input.value);
      list.replaceChildren();
      found.textContent = "";
      if (!query) return;
      const words = input.value.split(/\s+/).map(plain).filter(Boolean);
      const hits = entries.map((entry) => [rank(entry, query, words), entry]).filter(([r]) => r < NONE).sort((a, b) => a[0] - b[0]);
      found.textContent = hits.length ? say.found.replace("#", hits.length) : say.none;
      for (const [, entry] of hits.slice(0, LIMIT)) {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = entry.href.split("/").map(encodeURIComponent).join("/") + (entry.anchor ? `#${entry.anchor}` : "");
        link.textContent = entry.name;
        link.lang = entry.lang || "zh-Hans";
        item.append(link);
        const told = [entry.kind ? say[entry.kind] : entry.region || say.department];
        if (entry.former.length) told.push(`${say.former} ${entry.former.join("、")}`);
        if (entry.simulated) told.push(say.simulated);
        item.append(` · ${told.join(" · ")}`);
        list.append(item);
      }
      if (hits.length > LIMIT) {
        const more = document.createElement("li");
        more.textContent = say.more.replace("#", hits.length - LIMIT);
        list.append(more);
      }
    };
    input.addEventListener("input", search);
    form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
    search();
  }
  const filter = document.getElementById("filter");
  if (filter) {
    const rows = [...document.querySelectorAll("table.findings tbody tr")];
    const apply = () => {
      const wanted = [...new FormData(filter)].filter(([, value]) => value);
      let shown = 0;
      for (const row of rows) {
        const fits = wanted.every(([name, value]) =>
          name === "department" ? plain(row.dataset.department).includes(plain(value)) : row.dataset[name] === value);
        row.hidden = !fits;
        shown += fits;
      }
      document.getElementById("shown").textContent = filter.dataset.shown.replace("##", rows.length).replace("#", shown);
    };
    filter.hidden = false;
    filter.addEventListener("input", apply);
    filter.addEventListener("submit", (event) => event.preventDefault());
    apply();
  }
})();
