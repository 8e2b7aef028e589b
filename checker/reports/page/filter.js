// Search, filters, order and pages of the tables.

// A text so that `m10` comes behind `m9`.
function sortable(text) {
  return text.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, "0"));
}

function filtering(data, form, status) {
  const order = { key: "verdict", sign: 1 };

  function choose() {
    const words = new FormData(form);
    const query = words.get("query").trim().toLowerCase();
    const verdicts = new Set(words.getAll("verdict"));
    const rule = words.get("rule") ? data.rules.indexOf(words.get("rule")) : -1;
    for (const each of data.findings) {
      each.fits = rule < 0 || each.rules.includes(rule);
      each.hit = each.fits && (!query || each.text.includes(query));
    }
    for (const row of data.rows) {
      row.hit = !query || row.text.includes(query);
      row.shown = verdicts.has(row.verdict) &&
        (rule < 0 || row.findings.some((each) => each.fits)) &&
        (row.hit || row.findings.some((each) => each.hit));
    }
    for (const each of data.findings) {
      each.shown = each.rows.length
        ? each.fits && each.rows.some((row) => row.shown && (row.hit || each.hit))
        : each.hit;
    }
    return { isNarrowed: Boolean(query) || rule >= 0 };
  }

  // Only what can be seen is touched: a list that is folded is brought up to date when it opens.
  function showFindings() {
    const blocks = new Map();
    for (const each of data.findings) {
      if (each.block) blocks.set(each.block, blocks.get(each.block) || each.shown);
    }
    const sections = new Map();
    for (const [block, shown] of blocks) {
      block.hidden = !shown;
      sections.set(block.parentNode, sections.get(block.parentNode) || shown);
    }
    for (const [list, each] of data.lists) {
      if (list.open && each[0].block.open) showList(list);
    }
    for (const [section, shown] of sections) section.hidden = !shown;
  }

  function showList(list) {
    for (const { element, shown } of data.lists.get(list)) {
      if (element.hidden === shown) element.hidden = !shown;
    }
  }

  // The visible rows come first, in order; the order of hidden rows does not matter.
  function showRows(table) {
    let count = 0;
    let next = table.body.firstElementChild;
    for (const row of table.rows) {
      if (row.shown) count += 1;
      const isSeen = row.shown && count <= table.limit;
      if (isSeen) {
        openable(data, row);
        for (const element of [row.element, row.detail].filter(Boolean)) {
          if (element === next) next = next.nextElementSibling;
          else table.body.insertBefore(element, next);
        }
      }
      if (row.isSeen === isSeen) continue;
      row.isSeen = isSeen;
      row.element.hidden = !isSeen;
      if (row.detail) row.detail.hidden = !isSeen || !isOpen(row);
    }
    table.body.classList.add("paged");
    table.element.hidden = count === 0;
    paging(table, count);
    return count;
  }

  function paging(table, count) {
    const left = count - table.limit;
    table.paging.hidden = left <= 0;
    if (left <= 0) return;
    const more = make("button", { type: "button" }, `Show ${Math.min(PAGE, left)} more`);
    const all = make("button", { type: "button" }, `Show all ${count}`);
    const grow = (limit) => {
      const first = table.rows.find((row) => row.shown && !row.isSeen);
      table.limit = limit;
      showRows(table);
      first.element.querySelector("button").focus();
    };
    more.addEventListener("click", () => grow(table.limit + PAGE));
    all.addEventListener("click", () => grow(Infinity));
    table.paging.replaceChildren(`${table.limit} of ${count} shown. `, more, " ", all);
  }

  function apply() {
    const { isNarrowed } = choose();
    let rows = 0;
    for (const table of data.tables) {
      table.limit = PAGE;
      const count = showRows(table);
      rows += count;
      if (!table.fold) continue;
      if (table.wasOpen === undefined && isNarrowed) table.wasOpen = table.fold.open;
      if (isNarrowed) table.fold.open = count > 0;
      else if (table.wasOpen !== undefined) {
        table.fold.open = table.wasOpen;
        table.wasOpen = undefined;
      }
      table.fold.querySelector("summary b").textContent = `${count} ready`;
      table.fold.hidden = count === 0;
    }
    showFindings();
    const found = data.findings.filter((each) => each.shown).length;
    status.textContent = `Shown: ${rows} of ${data.rows.length} mappings, ` +
      `${found} of ${data.findings.length} findings`;
  }

  function clear(rule = "") {
    form.elements.query.value = "";
    form.elements.rule.value = rule;
    for (const box of form.querySelectorAll("[name=verdict]")) box.checked = true;
    apply();
  }

  function value(row, index) {
    if (order.key === "verdict") return row.number;
    if (order.key === "findings") return row.findings.length;
    return sortable(row.element.cells[index].textContent);
  }

  function sort(key, index) {
    const first = key === "findings" ? -1 : 1;
    order.sign = order.key === key ? -order.sign : first;
    order.key = key;
    for (const table of data.tables) {
      for (const row of table.rows) row.value = value(row, index);
      const compare = (a, b) => (a.value > b.value) - (a.value < b.value);
      table.rows.sort((a, b) => order.sign * compare(a, b) || a.number - b.number);
      showRows(table);
    }
    mark();
  }

  function mark() {
    for (const head of document.querySelectorAll("th[data-key]")) {
      if (head.dataset.key !== order.key) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", order.sign > 0 ? "ascending" : "descending");
    }
  }

  for (const head of document.querySelectorAll("th[data-key]")) {
    const button = make("button", { type: "button" }, head.textContent);
    button.addEventListener("click", () => sort(head.dataset.key, head.cellIndex));
    head.replaceChildren(button);
  }
  form.elements.query.addEventListener("input", apply);
  form.addEventListener("change", (event) => {
    if (event.target !== form.elements.query) apply();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    clear();
  });
  mark();
  return {
    apply,
    showList,
    clear,
    byRule(rule) {
      clear(rule);
      form.elements.rule.focus();
    },
    // Everything that is not filtered out, for paper.
    showAll() {
      for (const table of data.tables) {
        table.limit = Infinity;
        showRows(table);
      }
      for (const list of data.lists.keys()) showList(list);
    },
    // Show a row that a link leads to, whatever hides it.
    reveal(row) {
      if (!row.shown) clear();
      const table = data.tables.find((each) => each.rows.includes(row));
      if (table.fold) table.fold.open = true;
      const place = table.rows.filter((each) => each.shown).indexOf(row);
      if (place >= table.limit) {
        table.limit = place + 1;
        showRows(table);
      }
    },
  };
}
