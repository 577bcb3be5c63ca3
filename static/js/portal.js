// The portal's own script: the state of each criterion card while it saves, the explanation panel, small menus.
// Everything here is an addition: without it every form still posts and every link still leads to a page.
(() => {
  "use strict";

  const TYPING_PAUSE = 1200; // ms after the last key before a text or a count is saved
  const RETRY_PAUSE = 10000; // ms between tries while the network is away
  const cards = new WeakMap(); // card -> {typed, sent, inFlight, timer, retry, failed}
  let goingOn = null; // what was pressed, done as soon as everything is saved

  const stateOf = (card) => {
    if (!cards.has(card)) cards.set(card, { typed: 0, sent: 0, inFlight: 0, timer: 0, retry: 0, failed: false });
    return cards.get(card);
  };
  const unsaved = (card) => {
    const state = stateOf(card);
    return state.failed || state.typed > state.sent;
  };
  const allCards = () => [...document.querySelectorAll("[data-card]")];
  const cookie = (name) => {
    const found = document.cookie.split("; ").find((part) => part.startsWith(name + "="));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  };

  function say(card, text, kind, withRetry) {
    const box = card.querySelector(".card-state");
    let line = box.querySelector(".save-state");
    if (!line) {
      line = document.createElement("p");
      line.className = "save-state";
      box.append(line);
    }
    line.className = "save-state " + kind;
    line.textContent = text;
    if (withRetry) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm btn-outline-primary";
      button.dataset.retry = "";
      button.textContent = "Coba lagi";
      line.append(" ", button);
    }
  }

  function saveSoon(card, pause) {
    const state = stateOf(card);
    clearTimeout(state.timer);
    state.timer = setTimeout(() => htmx.trigger(card, "simpan"), pause);
  }

  function markInvalid(card) {
    const version = card.querySelector("[data-invalid]");
    const wrong = new Set((version ? version.dataset.invalid : "").split(" "));
    card.querySelectorAll("input:not([type=hidden]), textarea").forEach((field) => {
      if (wrong.has(field.name)) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    });
    card.classList.toggle("has-problem", wrong.size > 1 || !wrong.has(""));
  }

  const FAILURES = {
    401: "Sesi Anda berakhir. Masuk lagi di tab lain, lalu tekan Coba lagi.",
    403: "Belum tersimpan: pengisian ditutup atau Anda tidak berhak lagi mengubah jawaban ini.",
    404: "Belum tersimpan: lembar ini tidak ditemukan lagi.",
  };

  function failed(card, status) {
    const state = stateOf(card);
    state.failed = true;
    const offline = "Belum tersimpan: server tidak terjangkau. Isian Anda masih ada di halaman ini dan akan dicoba lagi.";
    say(card, FAILURES[status] || offline, "bad", status !== 403 && status !== 404);
    clearTimeout(state.retry);
    if (!FAILURES[status]) state.retry = setTimeout(() => htmx.trigger(card, "simpan"), RETRY_PAUSE);
  }

  // What is pressed right after typing waits for the save; when that fails, the person stays and sees why. A form
  // posted at once would name the version before that save, and be told that somebody else had changed the answer.
  function waitForSaves(event, act) {
    const waiting = allCards().filter(unsaved);
    if (!waiting.length || waiting.some((card) => stateOf(card).failed)) return false;
    event.preventDefault();
    goingOn = act;
    waiting.forEach((card) => stateOf(card).typed > stateOf(card).inFlight && saveSoon(card, 0));
    return true;
  }
  function leadsAway(link, event) {
    const ordinary = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    const page = (address) => address.pathname + address.search;
    return ordinary && !link.matches("[hx-get], [download], [target], [data-take-theirs]") && page(link) !== page(location);
  }
  function goOn(card, isSaved) {
    if (!goingOn) return;
    const act = goingOn;
    if (!isSaved) {
      goingOn = null;
      card.scrollIntoView({ block: "center" });
    } else if (!allCards().some(unsaved)) {
      goingOn = null;
      act();
    }
  }

  const cardOf = (element) => (element instanceof Element ? element.closest("[data-card]") : null);
  const isSave = (event) => event.detail.elt instanceof Element && event.detail.elt.matches("[data-card]");

  document.addEventListener("input", (event) => {
    const card = cardOf(event.target);
    if (!card) return;
    stateOf(card).typed += 1;
    say(card, "Belum tersimpan …", "busy");
    // A chosen letter is saved at once by the "change" that follows; counted here, before that request starts.
    if (event.target.type !== "radio") saveSoon(card, TYPING_PAUSE);
  });
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = cookie("csrftoken");
  });
  // While two answers stand against each other nothing is saved by itself: the person chooses.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!isSave(event)) return;
    const state = stateOf(event.detail.elt);
    if (event.detail.elt.querySelector(".conflict") && !state.chosen) event.preventDefault();
    state.chosen = false;
  });
  document.addEventListener("htmx:beforeSend", (event) => {
    if (!isSave(event)) return;
    const state = stateOf(event.detail.elt);
    clearTimeout(state.timer);
    clearTimeout(state.retry);
    state.inFlight = state.typed;
    say(event.detail.elt, "Menyimpan …", "busy");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!isSave(event)) return;
    const card = event.detail.elt;
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (status !== 200 && status !== 409 && status !== 422) {
      failed(card, status);
      goOn(card, false);
      return;
    }
    const state = stateOf(card);
    state.failed = status !== 200;
    state.sent = state.inFlight;
    markInvalid(card);
    if (state.typed > state.sent) say(card, "Belum tersimpan …", "busy");
    goOn(card, status === 200);
  });
  window.addEventListener("online", () => {
    allCards().forEach((card) => unsaved(card) && saveSoon(card, 0));
  });
  window.addEventListener("beforeunload", (event) => {
    if (allCards().some(unsaved)) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button, a");
    const card = button && cardOf(button);
    if (card && "retry" in button.dataset) saveSoon(card, 0);
    if (card && "keepMine" in button.dataset) {
      event.preventDefault();
      card.querySelector("[data-invalid]").value = button.value;
      stateOf(card).chosen = true;
      saveSoon(card, 0);
    }
    if (card && "takeTheirs" in button.dataset) {
      const state = stateOf(card);
      state.failed = false;
      state.sent = state.typed;
    }
    if (button && button.matches("a[href]") && leadsAway(button, event)) waitForSaves(event, () => location.assign(button.href));
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    const pressed = event.submitter;
    if (waitForSaves(event, () => form.requestSubmit(pressed && pressed.isConnected ? pressed : undefined))) return;
    if (form.id !== "lembar") return;
    // The whole page is being posted: its cards are saved with it.
    allCards().forEach((card) => {
      const state = stateOf(card);
      clearTimeout(state.timer);
      state.failed = false;
      state.sent = state.typed;
    });
  });

  const panel = document.getElementById("panel");
  const panelBody = document.getElementById("panel-body");
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== panelBody) return;
    if (!panel.open) {
      panel.showModal();
      return;
    }
    // The link that was followed is gone: go on reading, and tabbing, at the new heading.
    const heading = panelBody.querySelector("h2");
    panel.scrollTop = 0;
    heading.tabIndex = -1;
    heading.focus();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, target, xhr, successful } = event.detail;
    if (target !== panelBody || successful) return;
    if (xhr && xhr.status) {
      location.assign(elt.href); // the server's own page says more: signing in, not found
      return;
    }
    panelBody.textContent = "Server tidak terjangkau. Periksa jaringan, lalu coba lagi.";
    if (!panel.open) panel.showModal();
  });
  panel.addEventListener("click", (event) => {
    if (event.target === panel) panel.close(); // a click beside the panel
  });
  document.addEventListener("keydown", (event) => {
    const card = cardOf(event.target);
    if (event.key === "Enter" && card && event.target.matches("input")) {
      event.preventDefault(); // would post the whole page
      saveSoon(card, 0);
    }
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  if (window.matchMedia("(max-width: 991px)").matches) {
    document.querySelectorAll(".side-toggle").forEach((side) => (side.open = false));
  }
  const side = document.querySelector(".side");
  const here = side && side.querySelector(".here");
  if (here) side.scrollTop = here.offsetTop - side.clientHeight / 3;
  const part = document.querySelector(".tabs [aria-current]");
  const strip = part && part.closest("ul");
  if (strip) strip.scrollLeft = part.offsetLeft - (strip.clientWidth - part.offsetWidth) / 2;
  const problems = document.getElementById("ringkasan-masalah");
  if (problems) problems.focus();
})();
