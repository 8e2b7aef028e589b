"use strict";
// What the page's data say, joined to the elements that show it.

const IN_TABLE = -2;
const PAGE = 100; // how many rows of a table are shown at first, and more at a time

document.documentElement.classList.add("js");

function make(name, words, ...inside) {
  const made = document.createElement(name);
  for (const [word, value] of Object.entries(words)) made.setAttribute(word, value);
  made.append(...inside);
  return made;
}

// Source, mapping and function of a row, as the table names them.
function inTable(element) {
  const [, name, joins] = element.cells;
  const [source, , called] = joins.childNodes;
  return [source.textContent, name.firstChild.textContent.trim(), called.textContent.slice(2)];
}

function read() {
  const data = JSON.parse(document.getElementById("data").textContent);
  data.findings = data.findings.map((rules, number) => {
    // One of many notes of a rule may have no element.
    const element = document.getElementById(`f${number}`);
    return { number, element, block: element && element.closest(".finding"), rules, rows: [] };
  });
  data.rows = data.rows.map(([named, states, found, noun = "queue"], number) => {
    const element = document.getElementById(`m${number}`);
    const findings = found.map((each) => data.findings[each]);
    const parts = named.map((part, n) => part === IN_TABLE ? inTable(element)[n] : data.names[part]);
    const row = { number, element, parts, states, noun, findings, verdict: element.className };
    for (const finding of findings) finding.rows.push(row);
    return row;
  });
  data.lists = new Map();
  for (const each of data.findings) {
    if (!each.block || each.block === each.element) continue;
    const list = each.element.closest(".list");
    if (!data.lists.has(list)) data.lists.set(list, []);
    data.lists.get(list).push(each);
  }
  data.tables = [...document.querySelectorAll("table")].map((element) => ({
    element,
    body: element.tBodies[0],
    rows: data.rows.filter((row) => element.tBodies[0] === row.element.parentNode),
    limit: PAGE,
    paging: element.nextElementSibling,
    fold: element.closest("details"),
  }));
  texts(data);
  return data;
}

// The texts that a search looks in, made before the first one: it has to answer at once.
function texts(data) {
  for (const row of data.rows) {
    row.text = `${row.element.textContent} ${row.parts.join(" ")}`.toLowerCase();
  }
  for (const finding of data.findings) {
    const { element, block } = finding;
    const own = !element ? [] : element === block ? [element.children[0], element.children[1]] : [element];
    const words = [...finding.rules.map((rule) => data.rules[rule]), ...own.map((e) => e.textContent)];
    finding.text = words.join(" ").toLowerCase();
  }
}
