"use strict";
/* Lists and tables that can be filtered and sorted. Their items stand in the page already; this only
   orders them, and keeps all but the first few hundred out of the layout, so that ten thousand stay
   quick. */
document.documentElement.classList.add("js");
const LinkcheckList = (body, more, step) => {
  let shown = step, chosen = [];
  const draw = () => {
    const page = document.createDocumentFragment();
    for (const item of chosen.slice(0, shown)) page.append(item);
    body.replaceChildren(page);
    const rest = chosen.length - shown;
    more.hidden = rest <= 0;
    if (rest > 0) more.textContent = `Show ${Math.min(step, rest)} more of ${rest.toLocaleString("en")}`;
  };
  more.addEventListener("click", () => { shown += step; draw(); });
  return {
    show: items => { shown = step; chosen = items; draw(); },
    reveal: item => { shown = Math.max(shown, chosen.indexOf(item) + 1); draw(); },
  };
};
const LinkcheckTable = (table, count, noun, more) => {
  const body = table.tBodies[0];
  const rows = Array.from(body.rows, row => ({ row, text: row.textContent.toLowerCase() }));
  const list = LinkcheckList(body, more, 300);
  let order = rows;
  const value = (item, column) => {
    const cell = item.row.cells[column];
    return cell.dataset.v ?? cell.textContent.trim();
  };
  const draw = chosen => {
    list.show(chosen.map(item => item.row));
    count.textContent = `${chosen.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")} ${noun}`;
  };
  let test = () => true;
  const filter = (keep = test) => {
    test = keep;
    draw(order.filter(keep));
  };
  table.tHead.addEventListener("click", event => {
    const button = event.target.closest("button");
    if (!button) return;
    const head = button.parentElement, column = head.cellIndex, kind = head.dataset.sort, numeric = kind === "number" || kind === "rank";
    const next = head.ariaSort === "none" || !head.ariaSort ? (kind === "number" || kind === "day" ? "descending" : "ascending")
      : head.ariaSort === "ascending" ? "descending" : "ascending";
    for (const other of table.tHead.rows[0].cells) if (other.querySelector("button")) other.ariaSort = "none";
    head.ariaSort = next;
    const sign = next === "ascending" ? 1 : -1;
    const keyed = rows.map(item => {
      const text = value(item, column);
      return { item, key: numeric ? (text === "" ? null : Number(text.replace(/,/g, ""))) : text === "" ? null : text.toLowerCase() };
    });
    const words = new Intl.Collator("en", { numeric: true });
    keyed.sort((a, b) => a.key === null ? (b.key === null ? 0 : 1) : b.key === null ? -1
      : sign * (numeric ? a.key - b.key : words.compare(a.key, b.key)));
    order = keyed.map(pair => pair.item);
    filter();
  });
  filter();
  return { filter };
};
const linkcheckLater = (work, wait = 80) => {
  let timer;
  return () => { clearTimeout(timer); timer = setTimeout(work, wait); };
};
