(() => {
  const byId = id => document.getElementById(id);
  const search = byId("search"), status = byId("status"), kind = byId("kind"), rule = byId("rule");
  const boxes = Array.from(document.querySelectorAll("input[name=severity]"));
  const groups = Array.from(document.querySelectorAll(".group"), group => ({
    group,
    list: LinkcheckList(group.querySelector(".cards"), group.querySelector(".more"), 100),
    cards: Array.from(group.querySelectorAll(".finding"), card => ({ card, text: card.textContent.toLowerCase() })),
  }));
  const total = groups.reduce((sum, { cards }) => sum + cards.length, 0);
  const table = LinkcheckTable(byId("entry-table"), byId("entry-count"), "entries", byId("more"));
  const words = () => search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (text, wanted) => wanted.every(word => text.includes(word));
  const apply = () => {
    const wanted = words(), on = new Set(boxes.filter(box => box.checked).map(box => box.value));
    let count = 0;
    for (const { group, list, cards } of groups) {
      const chosen = cards.filter(({ card, text }) => on.has(card.dataset.severity)
        && (!rule.value || card.dataset.rule === rule.value) && matches(text, wanted));
      list.show(chosen.map(({ card }) => card));
      group.hidden = !chosen.length;
      count += chosen.length;
    }
    byId("finding-count").textContent = `${count.toLocaleString("en")} of ${total.toLocaleString("en")} findings`;
    table.filter(({ row, text }) => (!status.value || row.dataset.status === status.value)
      && (!kind.value || row.dataset.kind === kind.value) && matches(text, wanted));
  };
  document.querySelector("form").addEventListener("submit", event => event.preventDefault());
  search.addEventListener("input", linkcheckLater(apply));
  for (const control of [status, kind, rule, ...boxes]) control.addEventListener("change", apply);
  const reset = () => {
    search.value = status.value = kind.value = rule.value = "";
    for (const box of boxes) box.checked = true;
    apply();
  };
  byId("reset").addEventListener("click", () => { reset(); search.focus(); });
  const typing = target => target.matches("input, select, textarea");
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && event.target === search) { search.value = ""; apply(); }
    if (typing(event.target)) return;
    if (event.key === "/") { event.preventDefault(); search.focus(); }
    if (event.key === "j" || event.key === "k") {
      const open = Array.from(document.querySelectorAll(".finding"));
      const at = open.indexOf(document.activeElement.closest(".finding"));
      const next = open[at < 0 ? 0 : Math.min(open.length - 1, Math.max(0, at + (event.key === "j" ? 1 : -1)))];
      if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
    }
  });
  document.addEventListener("click", async event => {
    const button = event.target.closest("button.copy");
    if (!button) return;
    const text = button.closest(".change").querySelector("ins").textContent;
    let done = false;
    try { await navigator.clipboard.writeText(text); done = true; } catch { /* refused by the browser */ }
    if (!done) {
      const range = document.createRange();
      range.selectNodeContents(button.closest(".change").querySelector("ins"));
      const selection = getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
    }
    button.textContent = done ? "Copied" : "Selected";
    byId("said").textContent = done ? "The fix is copied." : "The fix is selected; copy it with the keyboard.";
  });
  const open = () => {
    const id = location.hash.slice(1);
    for (const { list, cards } of groups) {
      const found = id && cards.find(({ card }) => card.id === id);
      if (found && !found.card.isConnected) {
        reset();
        list.reveal(found.card);
        found.card.scrollIntoView();
      }
    }
    const there = id && byId(id);
    if (there && there.tagName === "DETAILS") there.open = true;
  };
  addEventListener("hashchange", open);
  apply();
  open();
})();
