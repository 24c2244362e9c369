// Every page works without script: this puts the reader at a list of errors,
// counts characters while they are typed and ignores a second press of a button.
document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();
// A page that waits for work to be done looks again by itself.
const waits = document.querySelector("[data-again]");
if (waits) setTimeout(() => location.reload(), Number(waits.dataset.again) * 1000);
