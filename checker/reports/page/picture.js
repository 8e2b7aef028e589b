// The picture of a mapping: its known parts as boxes, and what each needs of another as lines.

const SVG = "http://www.w3.org/2000/svg";
const CELLS = [[0, 0], [1, 0], [2, 0], [2, 1], [1, 1], [0, 1]]; // column and row of each part
const BOX = 268, ACROSS = 60, DOWN = 84;
const SIZES = [[12, 33, 3], [10, 40, 99]]; // of letters; letters in a line; lines at most
const MARKS = { y: "\u2713", n: "\u2716", m: "?", r: "!" };
const MOST_LETTERS = 600;

function shape(name, words, ...inside) {
  const made = document.createElementNS(SVG, name);
  for (const [word, value] of Object.entries(words)) made.setAttribute(word, value);
  made.append(...inside);
  return made;
}

// The lines of a name, broken behind signs of addresses and ARNs where that is possible.
function lines(name, most) {
  const found = [""];
  for (let piece of name.match(/[^.:/_\-\[\]]*[.:/_\-\[\]]?/g)) {
    while (found[found.length - 1].length + piece.length > most) {
      if (found[found.length - 1]) found.push("");
      if (piece.length <= most) break;
      found[found.length - 1] = piece.slice(0, most);
      piece = piece.slice(most);
      found.push("");
    }
    found[found.length - 1] += piece;
  }
  return found.filter(Boolean);
}

function fitted(name) {
  const short = name.length > MOST_LETTERS
    ? `${name.slice(0, MOST_LETTERS / 2)}\u2026${name.slice(-MOST_LETTERS / 2)}` : name;
  for (const [size, most, count] of SIZES) {
    const found = lines(short, most);
    if (found.length <= count || count > 9) return { size, lines: found };
  }
  return null;
}

function boxes(data, row) {
  const known = row.parts
    .map((name, n) => ({ n, column: CELLS[n][0], line: CELLS[n][1], name }))
    .filter((box) => box.name !== undefined);
  const columns = [0, 1, 2].filter((each) => known.some((box) => box.column === each));
  const height = Math.max(...known.map((box) => {
    box.text = fitted(box.name);
    return 36 + box.text.lines.length * (box.text.size + 4);
  }));
  for (const box of known) {
    Object.assign(box, { height, x: columns.indexOf(box.column) * (BOX + ACROSS) + 2 });
    box.y = box.line * (height + DOWN) + 2;
    box.kind = box.n === 0 ? row.noun : data.parts[box.n];
  }
  const bottom = Math.max(...known.map((box) => box.y)) + height + 2;
  return { known, width: columns.length * (BOX + ACROSS) - ACROSS + 4, height: bottom };
}

// Where the line from one box to another begins and ends.
function ends(from, to) {
  const middle = from.y + from.height / 2;
  if (from.line === to.line) {
    return from.x < to.x ? [from.x + BOX, middle, to.x, middle] : [from.x, middle, to.x + BOX, middle];
  }
  if (from.column === to.column) {
    const x = from.x + BOX / 2;
    return [x, from.y + from.height, x, to.y];
  }
  return [from.x, from.y + 12, to.x + BOX, to.y + to.height - 10];
}

function drawnLine(data, edge, state, from, to) {
  const [x1, y1, x2, y2] = ends(from, to);
  const x = (x1 + x2) / 2, y = (y1 + y2) / 2;
  return shape("g", { class: `edge ${data.states[state].replace(" ", "-")}` },
    shape("title", {}, `${from.kind} to ${to.kind}: ${edge[2]}: ${data.states[state]}`),
    shape("line", { x1, y1, x2, y2 }),
    shape("circle", { cx: x, cy: y, r: 13 }),
    shape("text", { class: "mark", x, y: y + 5, "text-anchor": "middle" }, MARKS[state]));
}

function drawnBox(box) {
  const { size } = box.text;
  const texts = box.text.lines.map((line, n) => shape("text",
    { class: "name", x: box.x + 12, y: box.y + 42 + n * (size + 4), "font-size": size }, line));
  return shape("g", { class: "box" }, shape("title", {}, box.name),
    shape("rect", { x: box.x, y: box.y, width: BOX, height: box.height, rx: 8 }),
    shape("text", { class: "kind", x: box.x + 12, y: box.y + 22 }, box.kind), ...texts);
}

// Whether a line of the picture would say more than that all is well.
function hasPicture(data, row) {
  return data.edges.some(([start, end], n) =>
    "nmr".includes(row.states[n]) && row.parts[start] !== undefined && row.parts[end] !== undefined);
}

function picture(data, row) {
  const { known, width, height } = boxes(data, row);
  const at = (part) => known.find((box) => box.n === part);
  const drawn = data.edges.flatMap((edge, n) => {
    const [from, to] = [at(edge[0]), at(edge[1])];
    return from && to && row.states[n] !== "-" ? [drawnLine(data, edge, row.states[n], from, to)] : [];
  });
  const words = {
    class: "picture", viewBox: `0 0 ${width} ${height}`, width, role: "img",
    "aria-label": "The parts of the mapping and what each needs; the list below says the same",
  };
  return shape("svg", words, ...drawn, ...known.map(drawnBox));
}
