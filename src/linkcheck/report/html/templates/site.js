(() => {
  const table = document.getElementById("entry-table");
  if (!table) return;
  const byId = id => document.getElementById(id);
  const search = byId("search"), selects = Array.from(document.querySelectorAll("select[data-filter]"));
  const list = LinkcheckTable(table, byId("entry-count"), "entries", byId("more"));
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    list.filter(({ row, text }) => words.every(word => text.includes(word))
      && selects.every(({ value, dataset }) => !value || (row.dataset[dataset.filter] ?? "").split("|").includes(value)));
  };
  search.addEventListener("input", linkcheckLater(apply));
  for (const select of selects) select.addEventListener("change", apply);
  document.querySelector("form").addEventListener("submit", event => event.preventDefault());
  byId("reset").addEventListener("click", () => {
    search.value = "";
    for (const select of selects) select.value = "";
    apply();
    search.focus();
  });
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && event.target === search) { search.value = ""; apply(); }
    if (event.key === "/" && !event.target.matches("input, select")) { event.preventDefault(); search.focus(); }
  });
})();
