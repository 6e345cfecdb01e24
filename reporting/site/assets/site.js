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
      keys: [name, key, ...former, region].map(plain), name, former, region, simulated, href: `department/${slug}.html`,
    })).concat(data.codes.map(([kind, code, names, file]) => ({
      keys: [code, ...names].map(plain), name: `${code} ${names.at(-1)}`, former: names.slice(0, -1), kind, href: `code/${file}.html`,
    })));
    const rank = (entry, query) => {
      // What is typed whole comes first, then departments, then codes.
      const kind = entry.kind ? 3 : 1;
      const hits = entry.keys.map((key, index) =>
        (key === query ? 0 : key.startsWith(query) ? kind : key.includes(query) ? kind + 1 : 9) + index / 100);
      return Math.min(...hits);
    };
    const input = document.getElementById("q");
    const list = document.getElementById("results");
    const found = document.getElementById("found");
    const search = () => {
      const query = plain(input.value);
      list.replaceChildren();
      found.textContent = "";
      if (!query) return;
      const hits = entries.map((entry) => [rank(entry, query), entry]).filter(([r]) => r < 9).sort((a, b) => a[0] - b[0]);
      found.textContent = hits.length ? say.found.replace("#", hits.length) : say.none;
      for (const [, entry] of hits.slice(0, LIMIT)) {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = entry.href.split("/").map(encodeURIComponent).join("/");
        link.textContent = entry.name;
        link.lang = "zh-Hans";
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
