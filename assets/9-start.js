// Every page works without script: this puts the reader at a list of errors,
// counts characters while they are typed and ignores a second press of a button.
document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();
