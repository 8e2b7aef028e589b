document.addEventListener("DOMContentLoaded", () => {
  const status = document.getElementById("shown");
  const form = document.querySelector("form");
  const live = make("p", { class: "unseen", role: "status" });
  document.body.append(live);
  const say = (text) => { live.textContent = text; };
  const data = read();
  const filters = form && filtering(data, form, status);
  if (filters) {
    filters.apply();
    window.addEventListener("hashchange", () => follow(data, filters));
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      // A link to the current address fires no event of its own.
      if (link && link.hash === location.hash) follow(data, filters);
    });
    if (location.hash) follow(data, filters);
  }
  const opened = (block) => {
    copyable(block, say);
    if (!filters) return;
    findable(block, filters);
    for (const list of [block, ...block.querySelectorAll(".list[open]")]) {
      if (data.lists.has(list)) filters.showList(list);
    }
  };
  for (const each of document.querySelectorAll(".finding[open]")) opened(each);
  document.addEventListener("toggle", (event) => {
    if (event.target.matches(".finding[open], .list[open]")) opened(event.target);
  }, true);
  printing(filters);
});
