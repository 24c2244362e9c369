
// On a telephone the rows of some tables are laid out as blocks; not every browser
// then still tells a screen reader that they are a table.
const roles = {
  table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell",
  "thead th": "columnheader", "tbody th": "rowheader",
};
for (const table of document.querySelectorAll(".so-chart, .so-items")) {
  for (const [css, role] of Object.entries(roles)) {
    const found = css === "table" ? [table] : table.querySelectorAll(css);
    for (const one of found) one.setAttribute("role", role);
  }
}

// Sorting, and choosing a cluster, without a new page; the addresses stay those of the links.
document.addEventListener("click", async (event) => {
  const links = ".so-sort, .so-choices a";
  const link = event.target.closest(links);
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const place = [...document.querySelectorAll(links)].indexOf(link);
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelector(".so-sheet").replaceWith(page.querySelector(".so-sheet"));
    history.replaceState(null, "", link.href);
    document.querySelectorAll(links)[place].focus();
  } catch {
    location.assign(link.href);
  }
});
