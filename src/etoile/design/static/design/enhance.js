/* Étoile: what JavaScript adds to pages that work without it. No dependency, nothing from elsewhere. */
(() => {
  "use strict";
  const words = document.currentScript.dataset;
  const WAIT_AT_MOST = 10_000;
  const make = (name, className, text = "") => {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  };

  /* A form leaves once: the second click of a double click is ignored, and the button says that it works. */
  const leaving = new WeakSet();
  const release = (form) => {
    leaving.delete(form);
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-again")) return;
    if (underWay.has(form)) {
      event.preventDefault();
      event.submitter?.setAttribute("aria-busy", "true");
      return pressed.set(form, event.submitter);
    }
    if (leaving.has(form)) return event.preventDefault();
    if (!navigator.onLine) {
      event.preventDefault();
      return announce(words.offline);
    }
    leaving.add(form);
    event.submitter?.setAttribute("aria-busy", "true");
    setTimeout(() => release(form), WAIT_AT_MOST);
    const files = [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
    if (files && !event.defaultPrevented) sendWithProgress(event, form);
  });
  addEventListener("pageshow", () => document.querySelectorAll("form").forEach(release));

  /* Files leave with a bar that says how far they are; the answer is the page that would have come. */
  function sendWithProgress(event, form) {
    const body = new FormData(form, event.submitter?.name ? event.submitter : undefined);
    const request = new XMLHttpRequest();
    const box = progressOf(request, form);
    request.addEventListener("load", () => {
      const address = new URL(request.responseURL || location.href);
      if (request.status < 400 && address.pathname !== new URL(form.action).pathname) return location.assign(address);
      box.remove();
      release(form);
      show(request.responseText, address);
    });
    request.addEventListener("error", () => {
      box.remove();
      release(form);
      HTMLFormElement.prototype.submit.call(form);
    });
    request.open("POST", form.action);
    event.preventDefault();
    request.send(body);
  }
  function progressOf(request, place) {
    const box = make("div", "progress");
    const line = make("p", "progress-words");
    const said = make("span", "", words.sending);
    const percent = make("span", "");
    const bar = make("progress", "progress-bar");
    said.setAttribute("role", "status");
    bar.setAttribute("aria-label", words.sending);
    line.append(said, percent);
    box.append(line, bar);
    place.append(box);
    request.upload.addEventListener("progress", (sent) => {
      if (!sent.lengthComputable) return;
      bar.max = sent.total;
      bar.value = sent.loaded;
      percent.textContent = `${Math.floor((100 * sent.loaded) / sent.total)} %`;
    });
    return box;
  }

  /* One thing at a time: a button pressed while something of its form is under way leaves after it. */
  const underWay = new Map();
  const pressed = new Map();
  const begin = (form) => underWay.set(form, (underWay.get(form) ?? 0) + 1);
  function end(form, refused) {
    if (refused) pressed.delete(form);
    const left = underWay.get(form) - 1;
    if (left) return underWay.set(form, left);
    underWay.delete(form);
    const button = pressed.get(form);
    release(form);
    if (!pressed.delete(form)) return;
    /* What came meanwhile may have drawn the button again; it says what is asked. */
    const same = ({ type, name, value }) => type === "submit" && name === button.name && value === button.value;
    const found = !button || button.isConnected ? button : [...form.elements].find(same);
    if (found || !button?.name) form.requestSubmit(found ?? null);
  }

  /* In a form that is followed, a file leaves as soon as it is chosen, while one goes on answering; its question comes
     back with it, or with what is wrong. What cannot leave waits for the button. */
  function join(input) {
    const form = input.form;
    const question = input.closest(".question");
    if (!question || !form.matches("[data-live]")) return;
    input.addEventListener("change", () => {
      if (!input.files.length || !navigator.onLine || leaving.has(form)) return;
      const body = new FormData();
      for (const each of [form.elements.csrfmiddlewaretoken, ...question.querySelectorAll(":checked")]) body.append(each.name, each.value);
      for (const file of input.files) body.append(input.name, file);
      const request = new XMLHttpRequest();
      const box = progressOf(request, question);
      request.addEventListener("loadend", () => {
        box.remove();
        input.disabled = false;
        const joined = request.getResponseHeader("X-Joining") && redraw(question.id, request.responseText);
        end(form, joined && request.status === 422);
      });
      request.open("POST", form.action);
      request.setRequestHeader("X-Joining", input.name);
      request.send(body);
      input.disabled = true;
      begin(form);
    });
  }
  function redraw(id, html) {
    const old = document.getElementById(id);
    const next = new DOMParser().parseFromString(html, "text/html").getElementById(id);
    if (!old || !next) return false;
    const within = old.contains(document.activeElement) || document.activeElement === document.body;
    old.replaceWith(document.adoptNode(next));
    enhance(next);
    self.htmx?.process(next);
    if (within) next.querySelector(".upload, [tabindex='-1']")?.focus();
    const said = document.getElementById("ajout");
    if (said) said.textContent = next.querySelector(".field-error")?.textContent ?? words.joined;
    return true;
  }
  function show(html, address) {
    const next = new DOMParser().parseFromString(html, "text/html");
    const main = next.querySelector("main");
    if (!main) return location.assign(address);
    document.title = next.title;
    document.querySelector("main").replaceWith(document.adoptNode(main));
    history.replaceState(null, "", address);
    enhance(main);
    (main.querySelector("[autofocus]") ?? main).focus();
  }

  /* Without a network nothing leaves, and nothing typed is lost: it is said, and unsaid when the network is back. */
  const place = document.getElementById("annonces");
  function announce(text) {
    const box = make("div", "toast tone-warning");
    box.append(make("p", "", text));
    place?.replaceChildren(box);
  }
  addEventListener("online", () => place?.replaceChildren());

  /* While one answers, htmx keeps what is typed and brings what it changes on the page. It comes when one begins. */
  const RETRY = 10_000;
  function follow(form) {
    const questions = form.querySelector("[data-hx-post]");
    const said = form.querySelector("[data-saved]");
    let touched = false;
    let retry;
    const save = () => !leaving.has(form) && touched && self.htmx?.trigger(questions, "save");
    const come = () => {
      if (self.htmx || document.querySelector("script[data-htmx]")) return;
      const script = make("script", "");
      script.dataset.htmx = "";
      script.src = form.dataset.live;
      script.addEventListener("load", save);
      document.head.append(script);
    };
    for (const name of ["focusin", "pointerdown"]) form.addEventListener(name, come, { once: true });
    if (self.htmx) self.htmx.process(form);
    let soon;
    form.addEventListener("input", (event) => {
      touched = true;
      clearTimeout(soon);
      if (event.target.type === "search") soon = setTimeout(save, 300);
    });
    /* An answer that was left may be worth a question to the hub: it is said where its answer will stand. */
    const waiting = [];
    form.addEventListener("htmx:configRequest", (event) => {
      const { parameters, triggeringEvent } = event.detail;
      if (triggeringEvent?.type !== "change") return;
      parameters.left = "1";
      const [left] = (triggeringEvent.target.name ?? "").split(".");
      for (const note of form.querySelectorAll("[data-needs]")) {
        if (!note.dataset.needs.split(" ").includes(left)) continue;
        waiting.push([note, note.textContent]);
        note.textContent = note.dataset.busy;
      }
    });
    form.addEventListener("htmx:beforeRequest", (event) => {
      if (leaving.has(form)) return event.preventDefault();
      touched = false;
      begin(form);
    });
    form.addEventListener("htmx:afterRequest", (event) => {
      const { successful, xhr } = event.detail;
      clearTimeout(retry);
      for (const [note, words] of waiting.splice(0)) note.textContent = words;
      said.classList.toggle("is-unsaved", !successful);
      if (!successful) {
        touched = true;
        said.textContent = form.dataset[{ 409: "elsewhere", 410: "gone" }[xhr.status] ?? "unsaved"];
        if (![409, 410].includes(xhr.status)) retry = setTimeout(save, RETRY);
      }
      end(form);
    });
    form.addEventListener("htmx:onLoadError", () => end(form));
    /* A row comes or goes without another page; the focus follows it. */
    form.addEventListener("submit", (event) => {
      const { name, value } = event.submitter ?? {};
      if (!self.htmx || !/^(add|remove)_row$/.test(name) || leaving.has(form) || underWay.has(form)) return;
      event.preventDefault();
      event.stopPropagation();
      const [block, row] = value.split(".");
      const asked = { source: questions, swap: "none", values: { [name]: value } };
      self.htmx.ajax("POST", form.action, asked).then(() => {
        const place = document.getElementById(`champ-${block}-${row}`);
        const control = place?.querySelector("input:not([type=hidden]), select, textarea");
        (control ?? document.getElementById(`champ-${block}`))?.focus();
      });
    });
    addEventListener("online", save);
    document.addEventListener("visibilitychange", () => document.hidden && save());
  }
  document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));

  /* Parts that a phone folds, but the one the address names and those with something to mend. */
  const phone = matchMedia("(max-width: 44rem)");
  const named = () => document.getElementById(location.hash.slice(1));
  function fold() {
    for (const part of document.querySelectorAll("[data-fold]")) {
      part.open = !phone.matches || part.contains(named()) || part.querySelector(".field-wrong") !== null;
    }
    named()?.scrollIntoView();
  }
  if (document.querySelector("[data-fold]")) {
    phone.addEventListener("change", fold);
    addEventListener("hashchange", () => named()?.closest("[data-fold]")?.setAttribute("open", ""));
    if (phone.matches) fold();
  }

  /* Windows: modal, closed by Escape, the focus comes back to the button. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[popovertarget]");
    const dialog = button && document.getElementById(button.getAttribute("popovertarget"));
    if (!(dialog instanceof HTMLDialogElement)) return;
    event.preventDefault();
    dialog.removeAttribute("popover");
    if (dialog.open) dialog.close();
    else dialog.showModal();
  });

  /* How many characters are left, said when one stops typing. */
  function count(counter) {
    const field = document.getElementById(counter.dataset.counter);
    if (!field) return;
    const most = field.maxLength;
    field.removeAttribute("maxlength");
    let timer;
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const left = most - field.value.length;
        counter.classList.toggle("counter-over", left < 0);
        counter.textContent = left < 0 ? `${words.over} ${-left}` : `${words.left} ${left}`;
      }, 600);
    });
  }

  /* A file is dropped on its field as well as chosen. */
  function drop(input) {
    for (const name of ["dragenter", "dragover"]) input.addEventListener(name, () => input.classList.add("is-over"));
    for (const name of ["dragleave", "drop"]) input.addEventListener(name, () => input.classList.remove("is-over"));
  }

  /* The position of the device, when the person asks for it: the boxes stay, and words suffice. */
  function locate(box) {
    const button = box.querySelector("button");
    const said = box.querySelector("[data-found]");
    const [latitude, longitude] = box.querySelectorAll("input[inputmode=decimal]");
    if (!navigator.geolocation || !longitude) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      button.setAttribute("aria-busy", "true");
      const told = (text) => {
        button.removeAttribute("aria-busy");
        said.textContent = text;
      };
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          latitude.value = coords.latitude.toFixed(5).replace(".", ",");
          longitude.value = coords.longitude.toFixed(5).replace(".", ",");
          longitude.dispatchEvent(new Event("input", { bubbles: true }));
          told(said.dataset.found);
        },
        () => told(said.dataset.refused),
        { enableHighAccuracy: true, timeout: WAIT_AT_MOST },
      );
    });
  }

  /* Once each, however often a part of the page is looked at: htmx announces the whole page when it comes. */
  const known = new WeakSet();
  function once(root, selector, add) {
    for (const each of root.querySelectorAll(selector)) {
      if (known.has(each)) continue;
      known.add(each);
      add(each);
    }
  }
  function enhance(root) {
    once(root, "[data-locate]", locate);
    once(root, "[data-counter]", count);
    once(root, ".upload", (input) => {
      drop(input);
      join(input);
    });
    once(root, "form[data-live]", follow);
    once(root, "[data-copy]", (button) => {
      button.hidden = !navigator.clipboard;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.querySelector("[role=status]").textContent = words.copied;
      });
    });
    once(root, "[data-print]", (button) => {
      button.hidden = false;
      button.addEventListener("click", () => print());
    });
  }
  enhance(document);
})();
