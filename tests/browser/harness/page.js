/* What a test asks of the page being shown. Each function returns sentences: what is wrong, or nothing. */
({
  shown(element) {
    return element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && element.getClientRects().length > 0;
  },
  named(element) {
    const words = (element.getAttribute("aria-label") || element.textContent || element.name || "").trim().replace(/\s+/g, " ");
    return `<${element.localName}${element.id ? "#" + element.id : ""}> ${words.slice(0, 50)}`;
  },
  turn(style) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    document.adoptedStyleSheets = [sheet];
    document.activeElement?.blur();
    scrollTo(0, 0);
    // What a phone folds is folded by then: it is looked at as well.
    const folds = document.querySelector("[data-fold]");
    return folds && new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(this.open()))));
  },
  open() {
    document.querySelectorAll("details").forEach((each) => { each.open = true; });
  },
  laid() {
    // What stays at hand while one scrolls covers, at any moment, what one has only to scroll to.
    document.querySelectorAll(".at-hand").forEach((each) => { each.style.position = "static"; });
  },
  looks(met) {
    // What is drawn behind an element, then its letters: two texts with the same look have the same contrast.
    const behind = new Map([[document.documentElement, "page"]]), styles = new Map();
    const styled = (element) => styles.get(element) ?? styles.set(element, getComputedStyle(element)).get(element);
    const ground = (element) => {
      if (!behind.has(element)) {
        const style = styled(element), plain = style.backgroundColor === "rgba(0, 0, 0, 0)" && style.backgroundImage === "none";
        const apart = style.position !== "static" || style.opacity !== "1";
        const own = plain && !apart ? "" : ` > ${style.backgroundColor} ${style.backgroundImage} ${style.opacity} ${style.position}`;
        behind.set(element, ground(element.parentElement) + own);
      }
      return behind.get(element);
    };
    const now = {};
    for (const each of document.querySelectorAll("body, body *")) {
      if (!this.shown(each)) continue;
      const style = styled(each), off = each.matches(":disabled, :disabled *, [aria-disabled=true], [aria-disabled=true] *") || each.control?.disabled;
      const look = [ground(each), style.color, style.fontSize, style.fontWeight, style.textShadow, each.localName, Boolean(off)].join(" ");
      now[look] = (now[look] ?? met[look] ?? 0) + 1;
      if (now[look] <= 3) each.dataset.look = "";
    }
    return now;
  },
  structure(language) {
    const wrong = [], say = (fine, words) => fine || wrong.push(words);
    const count = (selector) => [...document.querySelectorAll(selector)].filter((each) => !each.closest("[data-sample]")).length;
    say(document.compatMode === "CSS1Compat", "no doctype");
    say(count("h1") === 1, `${count("h1")} h1`);
    say(count("main") === 1, `${count("main")} main`);
    say(count("body > header, body > div > header, [role=banner]") >= 1, "no header");
    say(count("body > footer, body > div > footer, [role=contentinfo]") >= 1, "no footer");
    say(document.documentElement.lang === language, `lang is ${document.documentElement.lang}`);
    say(document.title.trim().length > 10, `title: ${document.title}`);
    const first = document.querySelector("a[href], button, input, select, textarea, summary");
    say(first && first.matches("a.skip-link[href='#contenu']"), "the first control does not skip to the content");
    const failed = document.querySelector("#erreurs, .error-summary");
    say(!failed || failed.closest(".gallery-stage") || /^(Erreur|Error)/.test(document.title), `errors, and the title does not say so: ${document.title}`);
    const tags = "iframe:not([title]), frame, frameset, object, embed, applet, video, audio, canvas, marquee, blink, font, center, [autoplay], meta[http-equiv=refresh], [accesskey]";
    document.querySelectorAll(tags).forEach((each) => wrong.push(`forbidden: <${each.localName}>`));
    document.querySelectorAll("[onclick], [onchange], [onsubmit], [onload], [onkeydown], [tabindex]").forEach((each) => {
      for (const name of each.getAttributeNames()) if (name.startsWith("on")) wrong.push(`a script in an attribute: ${this.named(each)}`);
      if (each.tabIndex > 0) wrong.push(`an order of its own: ${this.named(each)}`);
    });
    document.querySelectorAll("a[target=_blank]").forEach((each) => {
      if (!/nouvelle fenêtre|new window/i.test(each.textContent + (each.title || "") + (each.ariaLabel || ""))) wrong.push(`a new window is not announced: ${this.named(each)}`);
    });
    const vague = /^(ok|valider|cliquez ici|ici|en savoir plus|lire la suite|submit|click here|here|read more|more)$/i;
    document.querySelectorAll("a[href], button").forEach((each) => { if (vague.test(each.textContent.trim()) && !each.ariaLabel) wrong.push(`vague: ${this.named(each)}`); });
    let level = 0;
    document.querySelectorAll("h1, h2, h3, h4, h5, h6").forEach((each) => {
      if (!this.shown(each) || each.closest(".gallery-stage, .error-summary")) return;
      const here = Number(each.localName[1]);
      if (here > level + 1) wrong.push(`a level of heading is skipped: ${this.named(each)}`);
      level = here;
    });
    return wrong;
  },
  sideways() {
    const width = document.documentElement.clientWidth, wrong = [];
    if (document.documentElement.scrollWidth <= width) return wrong;
    for (const each of document.querySelectorAll("body *")) {
      if (this.shown(each) && each.getBoundingClientRect().right > width + 1) wrong.push(this.named(each));
    }
    return [`the page is ${document.documentElement.scrollWidth} px wide for ${width}: ${wrong.slice(-3).join(" ; ")}`];
  },
  clipped() {
    const wrong = [];
    for (const each of document.querySelectorAll("body *")) {
      const style = getComputedStyle(each);
      if (!["hidden", "clip"].includes(style.overflowY) && !["hidden", "clip"].includes(style.overflowX)) continue;
      if (each.closest(".visually-hidden, svg, [aria-hidden=true], .skip-link") || !this.shown(each)) continue;
      if (!each.textContent.trim() || each.clientHeight < 2) continue;
      const tall = style.overflowY !== "visible" && each.scrollHeight > each.clientHeight + 3;
      const wide = style.overflowX !== "visible" && each.scrollWidth > each.clientWidth + 3;
      if (tall || wide) wrong.push(`cut: ${this.named(each)}`);
    }
    return wrong;
  },
  unfocused() {
    const wrong = [], look = (style) => [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.backgroundColor, style.borderColor, style.textDecorationLine, style.textDecorationThickness].join();
    const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
    for (const each of document.querySelectorAll(controls)) {
      if (each.disabled || !each.checkVisibility({ visibilityProperty: true }) || each.getClientRects().length === 0) continue;
      document.activeElement.blur();
      const seen = [each, each.labels && each.labels[0], each.parentElement, each.nextElementSibling].filter(Boolean);
      const before = seen.map((one) => look(getComputedStyle(one)));
      each.focus({ focusVisible: true });
      if (document.activeElement !== each) { wrong.push(`never focused: ${this.named(each)}`); continue; }
      const style = getComputedStyle(each);
      const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
      if (!ring && seen.every((one, rank) => look(getComputedStyle(one)) === before[rank])) wrong.push(`its focus is not seen: ${this.named(each)}`);
      if (wrong.length > 5) break;
    }
    return wrong;
  },
  dead() {
    const wrong = [];
    document.querySelectorAll("button").forEach((each) => {
      const works = each.form || each.hasAttribute("popovertarget") || each.hasAttribute("commandfor");
      if (this.shown(each) && !works && !each.disabled && !each.closest(".gallery-stage")) wrong.push(`does nothing without JavaScript: ${this.named(each)}`);
    });
    document.querySelectorAll("a:not([href])").forEach((each) => { if (this.shown(each) && !each.ariaCurrent && !each.ariaDisabled) wrong.push(`leads nowhere: ${this.named(each)}`); });
    if (document.querySelector("main") && document.querySelector("main").innerText.trim().length < 20) wrong.push("nothing to read");
    return wrong;
  },
  unlabelled() {
    const wrong = [];
    const required = "main input[required]:not([type=hidden], [type=radio]), main select[required], main textarea[required]";
    document.querySelectorAll(required).forEach((each) => {
      const words = [...(each.labels || [])].map((one) => one.textContent).join(" ");
      const page = document.querySelector("main").textContent;
      if (!/obligatoire|required|\*/i.test(words) && !/obligatoire|required|mandatory/i.test(page)) wrong.push(`required, and nothing says so: ${this.named(each)}`);
    });
    document.querySelectorAll("main [aria-invalid=true]").forEach((each) => {
      const told = [each, each.closest("fieldset")].map((one) => one?.getAttribute("aria-describedby") || "").join(" ").split(" ").map((id) => document.getElementById(id)?.textContent || "").join("");
      if (!told.trim()) wrong.push(`wrong, and no message is tied to it: ${this.named(each)}`);
    });
    document.querySelectorAll("main fieldset").forEach((each) => { if (!each.querySelector(":scope > legend")) wrong.push(`a fieldset without legend: ${this.named(each)}`); });
    document.querySelectorAll("main input[type=radio]").forEach((each) => { if (!each.closest("fieldset, [role=radiogroup]")) wrong.push(`a choice outside a group: ${this.named(each)}`); });
    document.querySelectorAll("main input[placeholder], main textarea[placeholder]").forEach((each) => { if (!each.labels?.length && !each.ariaLabel) wrong.push(`a placeholder is no label: ${this.named(each)}`); });
    document.querySelectorAll("table").forEach((each) => {
      if (each.role === "presentation") return;
      if (!each.caption && !each.ariaLabel && !each.getAttribute("aria-labelledby")) wrong.push("a table without caption");
      if (!each.querySelector("th")) wrong.push("a table without headers");
    });
    return wrong;
  },
})
