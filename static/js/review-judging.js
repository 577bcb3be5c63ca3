// The reviewers' pages from the keyboard. Everything here is an addition; every key has a link or button beside it.
(() => {
  "use strict";

  const list = document.querySelector("[data-judging]");
  const help = document.getElementById("jd-help");
  if (!list || !help) return;
  const KEPT = "zi-tombol-cepat";
  const wish = help.querySelector("[data-keys]");
  const remembered = () => {
    try {
      return localStorage.getItem(KEPT) !== "mati";
    } catch {
      return true; // a browser that keeps nothing
    }
  };
  wish.checked = remembered();
  wish.addEventListener("change", () => {
    try {
      localStorage.setItem(KEPT, wish.checked ? "nyala" : "mati");
    } catch {
      /* then it holds for this page */
    }
  });
  const showHelp = () => help.open || help.showModal();
  document.querySelectorAll("[data-help]").forEach((button) => button.addEventListener("click", showHelp));
  help.addEventListener("click", (event) => event.target === help && help.close());

  const criteria = () => [...list.querySelectorAll("[data-criterion]")];
  const here = () => document.activeElement && document.activeElement.closest("[data-criterion]");
  function go(step) {
    const all = criteria();
    const place = all.indexOf(here());
    const next = all[place < 0 ? 0 : place + step];
    if (!next) return;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "start" });
  }
  function choose(card, key) {
    const letter = key === "y" ? "Y" : key === "t" ? "T" : key.toUpperCase();
    const radio = card.querySelector('input[type=radio][name$="-choice"][value="' + letter + '"]:enabled');
    if (radio && !radio.checked) radio.click();
    return Boolean(radio);
  }
  function open(card) {
    const links = [...card.querySelectorAll("[data-open]")];
    const place = links.findIndex((link) => link.hasAttribute("aria-current"));
    const link = links[(place + 1) % links.length];
    if (link) link.click();
    return Boolean(link);
  }
  const ACTS = {
    j: () => go(1),
    k: () => go(-1),
    s: (card) => card && card.querySelector("[data-agree]")?.click(),
    o: (card) => card && open(card),
    n: (card) => card && card.querySelector("[data-note]")?.focus(),
  };
  // Single keys act only inside the list, never while somebody types, and can be switched off.
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.altKey || event.ctrlKey || event.metaKey || !(target instanceof Element) || help.open) return;
    const isTyping = target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
    if (isTyping || !wish.checked || !(list.contains(target) || target === document.body)) return;
    const card = here();
    if (event.key === "?") showHelp();
    else if (ACTS[event.key]) ACTS[event.key](card);
    else if (!card || !/^[a-eyt]$/.test(event.key) || !choose(card, event.key)) return;
    event.preventDefault();
  });
  // After a save the version that agreeing must name has grown.
  document.addEventListener("htmx:afterSwap", () => {
    list.querySelectorAll("[data-version-of]").forEach((field) => {
      const state = document.getElementById("state-" + field.dataset.versionOf);
      const version = state && state.querySelector("[data-invalid]");
      if (version) field.value = version.value;
    });
  });
  // Once the page is there: going to the place in its address takes the focus from everything that cannot have it.
  window.addEventListener("load", () => {
    const shown = location.search.includes("lihat=") && list.querySelector(".ev-preview");
    const place = location.hash.startsWith("#k-") && document.getElementById(location.hash.slice(1));
    const criterion = shown ? shown.closest("[data-criterion]") : place;
    if (criterion) criterion.focus({ preventScroll: true });
  });
})();
