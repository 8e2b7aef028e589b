// What opens: the details of a mapping, links to what is folded, copying, and print.

function isOpen(row) {
  return row.button.getAttribute("aria-expanded") === "true";
}

function openable(data, row) {
  if (row.button) return;
  const cell = row.element.cells[1];
  row.button = make("button", { type: "button", class: "open", "aria-expanded": "false" });
  row.button.append(cell.firstChild);
  cell.prepend(row.button);
  row.button.addEventListener("click", () => {
    if (!row.detail) {
      row.detail = detail(data, row);
      row.detail.hidden = true;
      row.element.after(row.detail);
    }
    row.detail.hidden = !row.detail.hidden;
    row.button.setAttribute("aria-expanded", String(!row.detail.hidden));
  });
}

function detail(data, row) {
  const cell = make("td", { colspan: row.element.cells.length });
  cell.append(parts(data, row));
  if (hasPicture(data, row)) cell.append(picture(data, row));
  cell.append(needs(data, row));
  if (row.findings.length) cell.append(findings(data, row));
  return make("tr", { class: "detail" }, cell);
}

function parts(data, row) {
  const list = make("dl", {});
  row.parts.forEach((name, n) => {
    if (name === undefined) return;
    const kind = n === 0 ? row.noun : data.parts[n];
    list.append(make("div", {}, make("dt", {}, kind), make("dd", {}, name)));
  });
  return list;
}

function needs(data, row) {
  const list = make("ul", { class: "needs", "aria-label": "What each part needs, and whether it has it" });
  data.edges.forEach(([start, end, needed, rules], n) => {
    const state = row.states[n];
    if (state === "-") return;
    const word = data.states[state];
    const found = rules.filter((rule) => row.findings.some((each) => each.rules.includes(rule)));
    const item = make("li", { class: `edge ${word.replace(" ", "-")}` },
      make("span", { class: "mark", "aria-hidden": "true" }, MARKS[state]), " ",
      make("b", {}, `${data.parts[start]} \u2192 ${data.parts[end]}`), `: ${needed}: `,
      make("b", { class: "state" }, word));
    if (state !== "y" && found.length) {
      item.append(" ", make("small", {}, found.map((rule) => data.rules[rule]).join(", ")));
    }
    list.append(item);
  });
  return list;
}

function findings(data, row) {
  const list = make("ul", { class: "found", "aria-label": "Findings" });
  for (const each of row.findings) {
    const { element, block } = each;
    if (!element) {
      list.append(make("li", {}, each.rules.map((rule) => data.rules[rule]).join(", ")));
      continue;
    }
    const own = element === block;
    const place = own ? block.querySelector("summary code") : element.querySelector("code");
    const message = own ? block.querySelector(".message") : null;
    const item = make("li", { class: block.parentNode.className },
      make("span", { class: "badge" }, block.querySelector(".badge").textContent), " ",
      make("a", { href: `#f${each.number}` }, block.querySelector("b").textContent));
    if (place) item.append(" ", make("code", {}, place.textContent));
    if (message) item.append(" ", message.textContent);
    list.append(item);
  }
  return list;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make("textarea", { class: "unseen" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

// Buttons that copy, beside each piece of code of a fix that is not folded.
function copyable(block, say) {
  for (const code of block.querySelectorAll(".fix")) {
    if (code.dataset.copy || code.closest("details:not([open])")) continue;
    code.dataset.copy = "yes";
    const label = `Copy: ${code.textContent.slice(0, 80)}`;
    const button = make("button", { type: "button", class: "copy", "aria-label": label }, "copy");
    button.addEventListener("click", async () => {
      const done = await copied(code.textContent);
      button.textContent = done ? "copied" : "cannot copy";
      say(button.textContent);
      button.focus();
      setTimeout(() => { button.textContent = "copy"; }, 2000);
    });
    code.after(button);
  }
}

// A button that shows in the table all mappings of a finding that names only some of them.
function findable(block, filters) {
  const more = block.querySelector(".more:not([data-button])");
  if (!more) return;
  more.dataset.button = "yes";
  const button = make("button", { type: "button", class: "copy" }, "filter the table by this rule");
  button.addEventListener("click", () => filters.byRule(more.dataset.rule));
  more.after(button);
}

// Follow a link within the page to what is folded, filtered or on a later page.
function follow(data, filters) {
  const [, letter, number] = /^#([fm])(\d+)$/.exec(location.hash) || [];
  const target = letter && data[letter === "f" ? "findings" : "rows"][Number(number)];
  if (!target || !target.element) return;
  if (letter === "m") filters.reveal(target);
  else {
    if (!target.shown) filters.clear();
    for (let each = target.element; each; each = each.parentNode.closest("details")) each.open = true;
  }
  const place = letter === "m" ? target.button
    : target.element === target.block ? target.block.firstElementChild : target.element;
  if (place === target.element) place.tabIndex = -1;
  target.element.scrollIntoView({ block: "center" });
  place.focus({ preventScroll: true });
}

// Print unfolds everything that is not filtered out.
function printing(filters) {
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const each of opened) each.open = true;
    if (filters) filters.showAll();
  });
  window.addEventListener("afterprint", () => {
    for (const each of opened) each.open = false;
    if (filters) filters.apply();
  });
}
