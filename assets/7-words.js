// How long a letter is, while it is written.
for (const area of document.querySelectorAll("textarea[data-words]")) {
  const said = document.getElementById(area.dataset.words);
  const hint = said.textContent;
  const count = () => {
    const words = area.value.split(/\s+/).filter(Boolean).length;
    said.textContent = `${words} words. ${hint}`;
  };
  area.addEventListener("input", count);
  count();
}
