// The questionnaire saves while it is filled in and shows at once the questions
// that an answer leads to. Which these are, the server decides; without this
// script both happen when the reader goes on.
function keepSaving(form) {
  const status = document.getElementById("saved");
  const questions = document.getElementById("questions");
  const editions = form.elements["-editions"];
  let timer = 0;
  let saving = null;
  let changed = false;

  const fields = () => {
    const fields = new URLSearchParams(new FormData(form));
    fields.set(form.dataset.keep, "yes");
    return fields;
  };

  // What a question is and what it offers: a change of either redraws it.
  const sign = (question) =>
    question.id.slice(2) + (question.dataset.offers ? ":" + question.dataset.offers : "");
  const shown = () => Array.from(questions.children, sign).join(" ");

  async function redraw() {
    const page = new DOMParser().parseFromString(await (await fetch(form.action)).text(), "text/html");
    const fresh = page.getElementById("questions");
    if (!fresh) return 0;
    const known = new Map(Array.from(questions.children, (question) => [sign(question), question]));
    const next = Array.from(fresh.children, (question) => known.get(sign(question)) || document.importNode(question, true));
    const added = next.filter((question) => question.parentNode !== questions);
    Array.from(questions.children).filter((question) => !next.includes(question)).forEach((question) => question.remove());
    next.forEach((question, place) => {
      if (questions.children[place] !== question) questions.insertBefore(question, questions.children[place] || null);
    });
    added.forEach((question) => initAll(question));
    // The questions that are new here have the editions of the page they come from.
    const mine = editions.value.split(" ").filter(Boolean);
    const codes = new Set(mine.map((pair) => pair.split(":")[0]));
    const theirs = page.querySelector("[name='-editions']").value.split(" ");
    editions.value = mine.concat(theirs.filter((pair) => pair && !codes.has(pair.split(":")[0]))).join(" ");
    return added.length;
  }

  async function save() {
    changed = false;
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields(), redirect: "error" });
      if (answer.status >= 400 && answer.status < 500) {
        // Closed, handed over, or another link was opened in this browser.
        form.dataset.state = "shut";
        status.textContent = "This page cannot save any more. Open your link again to see why.";
        return;
      }
      if (!answer.ok) throw new Error(answer.status);
      const kept = await answer.json();
      editions.value = kept.editions;
      const left = document.getElementById("time-left");
      if (left) left.textContent = kept.left;
      const added = kept.questions.join(" ") === shown() ? 0 : await redraw();
      status.textContent = added ? "Saved. Your answer leads to more questions on this page." : "Your answers are saved.";
      form.dataset.state = changed ? "changed" : "saved";
    } catch (why) {
      form.dataset.state = "not-saved";
      status.textContent = "Not saved yet: we could not reach the survey. It is tried again when you go on.";
    }
  }

  const start = () => {
    clearTimeout(timer);
    if (!saving) {
      saving = save().finally(() => {
        saving = null;
        if (changed) start();
      });
    }
    return saving;
  };

  const soon = (wait) => {
    changed = true;
    form.dataset.state = "changed";
    clearTimeout(timer);
    timer = setTimeout(start, wait);
  };

  form.addEventListener("input", (event) => {
    const field = event.target;
    // A number and "don't know" put each other out.
    const number = field.closest(".so-number");
    if (number && field.type === "checkbox" && field.checked && field.closest(".so-number__out")) {
      number.querySelector(".so-number__input").value = "";
    } else if (number && field.type === "text" && field.value) {
      number.querySelectorAll(".so-number__out input").forEach((box) => (box.checked = false));
    }
    soon(field.type === "radio" || field.type === "checkbox" ? 150 : 1200);
  });

  // What is under way ends first, so that the two do not look like two windows.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    changed = false;
    if (saving) {
      event.preventDefault();
      event.stopImmediatePropagation();
      saving.then(() => form.requestSubmit(event.submitter));
    }
  }, true);

  window.addEventListener("pagehide", () => {
    if (changed && !saving) navigator.sendBeacon(form.action, fields());
  });
}

const section = document.getElementById("section");
if (section && window.fetch && HTMLFormElement.prototype.requestSubmit) keepSaving(section);
