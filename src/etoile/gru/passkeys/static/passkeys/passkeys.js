/* Étoile: a key of the person answers in their place. Its form is sent as any other, with what the key said in it; where
   the browser knows no keys, the form stays hidden and the words beside it stay shown. */
(() => {
  "use strict";
  const Key = window.PublicKeyCredential;
  if (!Key?.parseRequestOptionsFromJSON) return;
  document.querySelectorAll("[data-without-keys]").forEach((each) => { each.hidden = true; });
  for (const form of document.querySelectorAll("form[data-key]")) {
    const options = JSON.parse(form.dataset.key), refused = form.querySelector("[data-refused]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopPropagation();
      refused.hidden = true;
      try {
        const answer = await (options.user
          ? navigator.credentials.create({ publicKey: Key.parseCreationOptionsFromJSON(options) })
          : navigator.credentials.get({ publicKey: Key.parseRequestOptionsFromJSON(options) }));
        form.elements.answer.value = JSON.stringify(answer);
        form.submit();
      } catch {
        refused.hidden = false;
      }
    });
  }
})();
