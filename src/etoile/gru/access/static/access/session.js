/* Étoile: says before it happens that a session will end, makes it last for whoever is there, and leaves the page once
   it is over: what is on it is for nobody else. The server alone knows: it is asked before anything is said. */
(() => {
  "use strict";
  const { told, over, whose, lead, left, lasts } = document.currentScript.dataset;
  const boxes = document.getElementById("veille").content;
  const LEAD = lead * 1000, MINUTE = 60_000, STEP = 10_000;
  /* One channel for the tabs of one session: what is signed begins with whose it is. */
  const others = self.BroadcastChannel && new BroadcastChannel(`${told} ${whose.split(":")[0]}`);
  let end = Date.now() + left * 1000, may = lasts === "1", active = 0, typed = null, shown = null, asking = false, token = "";

  const know = (news) => ({ end, may } = news);
  others?.postMessage({ end, may });
  others?.addEventListener("message", ({ data }) => { know(data); look(); });
  async function ask(method) {
    try {
      if (method === "POST" && !(await ask("GET"))) return false;
      const headers = { "X-Whose": whose, "X-CSRFToken": token };
      const answer = await fetch(told, { method, headers, cache: "no-store" });
      if (!answer.ok) return false;
      const news = await answer.json();
      token = news.token;
      know({ end: Date.now() + news.left * 1000, may: Boolean(news.lasts) });
      if (news.left) others?.postMessage({ end, may });
      return true;
    } catch {
      return false;
    }
  }

  /* The focus goes back to where one was: it is never left on what is no more. */
  let before = null;
  addEventListener("focusin", ({ target }) => { if (!shown?.box.contains(target)) before = target; });
  function away(box) {
    const within = box?.contains(document.activeElement);
    box?.remove();
    if (within) (before?.isConnected ? before : document.getElementById("contenu"))?.focus();
  }

  function show(name) {
    if (shown?.name === name && Math.round(shown.end / MINUTE) === Math.round(end / MINUTE)) return;
    away(shown?.box);
    document.querySelectorAll("main, header").forEach((each) => { each.hidden = name === "gone"; });
    shown = null;
    if (!name) return;
    const box = boxes.querySelector(`[data-says=${name}]`).cloneNode(true);
    const at = box.querySelector("[data-at]");
    const hour = { hour: "2-digit", minute: "2-digit" };
    const lang = document.documentElement.lang;
    const said = new Date(end).toLocaleTimeString(lang, hour);
    if (at) at.textContent = lang === "fr" ? said.replace(":", "\u00a0h\u00a0") : said;
    box.querySelector("button")?.addEventListener("click", () => (name === "ends" ? away(box) : stay()));
    document.body.append(box);
    shown = { name, end, box };
  }

  /* What was being typed goes with us, to be given back; neither files nor secrets do. The form itself is let be: when
     the session is not over after all, the page stays. */
  function leave() {
    const form = document.createElement("form");
    const add = (name, value) => {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      form.append(input);
    };
    const given = typed?.isConnected ? [...new FormData(typed)] : [];
    const secret = new Set([...document.querySelectorAll("[type=password]")].map((each) => each.name));
    for (const [name, value] of given) {
      if (value.size) add("watch-files", "1");
      else if (typeof value === "string" && name !== "csrfmiddlewaretoken" && !secret.has(name)) add(name, value);
    }
    add("csrfmiddlewaretoken", token);
    add("watch-whose", whose);
    add("watch-where", location.pathname + location.search);
    Object.assign(form, { method: "post", action: over, hidden: true });
    document.body.append(form);
    HTMLFormElement.prototype.submit.call(form);
  }

  async function look() {
    if (asking) return;
    asking = true;
    const due = end - Date.now();
    const here = may && due > 0 && Date.now() - active < MINUTE;
    if (due <= LEAD && (here || due <= 0 || !shown)) {
      const heard = await ask(here ? "POST" : "GET");
      if (heard && end <= Date.now()) leave();
      else if (!heard && due <= 0) show("gone");
      else if (end - Date.now() <= LEAD) show(may ? "lasts" : "ends");
    }
    if (end - Date.now() > LEAD) show("");
    asking = false;
  }
  function stay() {
    active = Date.now();
    if (shown) look();
  }

  for (const name of ["keydown", "pointerdown"]) addEventListener(name, stay, true);
  addEventListener("input", ({ target }) => {
    if (target.form?.method === "post" && !target.form.matches("[data-live]")) typed = target.form;
  });
  for (const name of ["visibilitychange", "online"]) addEventListener(name, look);
  addEventListener("pageshow", ({ persisted }) => persisted && ask("GET").then(look));
  setInterval(look, STEP);
})();
