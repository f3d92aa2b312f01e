/* Étoile: keys for those who work here all day. A key is what its element says in aria-keyshortcuts; none is taken while
   one types, nor with Ctrl, Alt or ⌘. The page loads this only for whoever has not switched it off (WCAG 2.1.4). */
(() => {
  "use strict";
  const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable], dialog";
  const ROWS = "[data-walk] tbody th a";
  const shown = (element) => element.checkVisibility();
  let left;

  /* What one came to do in a part of the page: its text, or its first control, opened if it was folded. */
  function enter(part) {
    const control = part.querySelector("textarea") ?? part.querySelector("input:not([type=hidden]), select, summary");
    control?.closest("details")?.setAttribute("open", "");
    (control ?? part).focus();
  }
  function press(element) {
    if (!element.matches("a, button")) return enter(element);
    const part = element.hash && element.pathname === location.pathname && element.search === location.search && document.querySelector(element.hash);
    return part ? enter(part) : element.click();
  }
  function walk(step) {
    const rows = [...document.querySelectorAll(ROWS)].filter(shown);
    const at = rows.indexOf(document.activeElement);
    rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1)]?.focus();
    return rows.length > 0;
  }
  function help(list) {
    left = document.activeElement;
    list.open = true;
    list.querySelector("summary").focus();
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
    const list = document.querySelector("details.shortcuts");
    if (event.key === "Escape" && left && list?.contains(event.target)) {
      list.open = false;
      left.focus();
      left = undefined;
      return;
    }
    if (event.target.closest(TYPING)) return;
    const key = event.key.toLowerCase();
    const found = [...document.querySelectorAll("[aria-keyshortcuts]")].find((each) => each.getAttribute("aria-keyshortcuts") === key && shown(each));
    if (key === "?" && list) help(list);
    else if (found) press(found);
    else if (!((key === "s" || key === "p") && walk(key === "s" ? 1 : -1))) return;
    event.preventDefault();
  });
})();
