/* Étoile, the designer: comforts beside buttons that do the same. Nothing here is needed. */
(() => {
  "use strict";
  document.documentElement.classList.add("has-script");

  /* A condition asks for the page again as soon as a question or a comparison is chosen. */
  document.addEventListener("change", (event) => {
    const line = event.target.closest(".condition");
    if (line && event.target.matches("select[name$='.field'], select[name$='.op']")) {
      line.querySelector("[data-auto]")?.click();
    }
  });
  document.querySelector("[data-focus] :is(select, input:not([type=hidden]))")?.focus();

  /* A question is dragged to where it should stand. The server decides; the page says what it decided. */
  const plan = document.querySelector("[data-move]");
  if (!plan || !plan.querySelector(".moves")) return;
  let dragged = null;
  const lineAt = (event) => event.target.closest?.(".plan-line");
  const clear = () => plan.querySelectorAll(".is-over").forEach((each) => each.classList.remove("is-over"));
  plan.querySelectorAll(".plan-line").forEach((line) => { line.draggable = true; });
  plan.addEventListener("dragstart", (event) => {
    dragged = lineAt(event);
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.id);
    dragged.classList.add("is-dragged");
  });
  plan.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    dragged = null;
    clear();
  });
  plan.addEventListener("dragover", (event) => {
    const target = lineAt(event) ?? event.target.closest(".plan-fields");
    if (!dragged || !target || dragged.contains(target)) return;
    event.preventDefault();
    clear();
    target.classList.add("is-over");
  });
  plan.addEventListener("drop", (event) => {
    const line = lineAt(event);
    const list = line ? line.parentElement : event.target.closest(".plan-fields");
    if (!dragged || !list || dragged.contains(list)) return;
    event.preventDefault();
    const others = [...list.children].filter((each) => each !== dragged);
    const form = dragged.querySelector(".moves");
    const add = (name, value) => {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      input.value = value;
      form.append(input);
    };
    add("holder", list.dataset.holder);
    add("number", line ? others.indexOf(line) : others.length);
    form.submit();
  });
})();
