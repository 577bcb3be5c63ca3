// Evidence: files dropped or chosen are sent one after the other, each with its progress; the preview from the keyboard.
// Everything here is an addition: without it the criterion's page takes files, links and documents by plain forms.
(() => {
  "use strict";

  const waiting = []; // sendings not begun, oldest first
  let current = null;

  const cookie = (name) => {
    const found = document.cookie.split("; ").find((part) => part.startsWith(name + "="));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  };
  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text || "";
    return made;
  };
  const button = (text, act) => {
    const made = element("button", "btn btn-sm btn-outline-primary", text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };

  const FAILURES = {
    0: "Server tidak terjangkau. Periksa jaringan.",
    401: "Sesi Anda berakhir. Masuk lagi di tab lain, lalu coba lagi.",
    403: "Pengisian sudah ditutup atau Anda tidak berhak menambah bukti di sini.",
    404: "Tidak ditemukan lagi, mungkin sudah dilepas orang lain. Muat ulang halaman ini.",
    413: "Berkas ini terlalu besar untuk server.",
  };

  // One row for each file: name, progress, what became of it, what can be done about it.
  function rowOf(sending) {
    const row = element("li", "ev-file");
    sending.said = element("span", "ev-said");
    sending.said.setAttribute("role", "status");
    sending.bar = element("progress", "ev-progress");
    sending.bar.max = 100;
    sending.bar.setAttribute("aria-label", "Terkirim: " + sending.file.name);
    sending.acts = element("span", "ev-acts");
    row.append(element("span", "ev-file-name", sending.file.name), sending.bar, sending.said, sending.acts);
    return row;
  }
  function show(sending, kind, text, ...acts) {
    sending.row.className = "ev-file is-" + kind;
    sending.said.textContent = text;
    sending.bar.hidden = kind !== "waiting" && kind !== "sending";
    sending.acts.replaceChildren(...acts);
  }
  const remove = (sending) => {
    const queue = sending.row.parentElement;
    sending.row.remove();
    if (!queue.childElementCount) queue.remove();
  };

  function queueOf(zone) {
    const found = zone.parentElement.querySelector(":scope > .ev-queue");
    if (found) return found;
    const made = element("ul", "ev-queue");
    made.setAttribute("aria-label", "Berkas yang diunggah");
    zone.after(made);
    return made;
  }

  function take(zone, files) {
    const queue = queueOf(zone);
    queue.querySelectorAll(".is-done").forEach((row) => row.remove());
    for (const file of files) {
      const sending = { zone, file, xhr: null };
      sending.row = rowOf(sending);
      queue.append(sending.row);
      enqueue(sending);
    }
    next();
  }
  function enqueue(sending) {
    const most = Number(sending.zone.dataset.most);
    if (sending.file.size > most) {
      const text = "Lebih besar dari " + sending.zone.dataset.mostText + ". Perkecil dulu berkasnya.";
      show(sending, "failed", text, button("Hapus dari daftar", () => remove(sending)));
      return;
    }
    sending.bar.value = 0;
    show(sending, "waiting", "Menunggu giliran", button("Batal", () => cancel(sending)));
    waiting.push(sending);
  }
  function cancel(sending) {
    const place = waiting.indexOf(sending);
    if (place >= 0) waiting.splice(place, 1);
    if (sending.xhr) sending.xhr.abort();
    remove(sending);
  }
  function again(sending) {
    enqueue(sending);
    next();
  }

  function next() {
    if (current || !waiting.length) return;
    const sending = (current = waiting.shift());
    const xhr = (sending.xhr = new XMLHttpRequest());
    const body = new FormData();
    if ("cardUpload" in sending.zone.dataset) body.append("kartu", "1");
    body.append("berkas", sending.file);
    xhr.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const percent = Math.floor((event.loaded * 100) / event.total);
      sending.bar.value = percent;
      sending.said.textContent = percent < 100 ? percent + "%" : "Memeriksa berkas …";
    });
    xhr.addEventListener("loadend", () => ended(sending, xhr));
    xhr.open("POST", sending.zone.dataset.upload);
    xhr.setRequestHeader("HX-Request", "true");
    xhr.setRequestHeader("X-CSRFToken", cookie("csrftoken"));
    show(sending, "sending", "Mengirim …", button("Batal", () => cancel(sending)));
    xhr.send(body);
  }
  function ended(sending, xhr) {
    current = null;
    sending.xhr = null;
    if (sending.row.isConnected) told(sending, xhr); // else it was cancelled
    next();
  }
  function told(sending, xhr) {
    const answer = new DOMParser().parseFromString(xhr.responseText || "", "text/html");
    const outcome = answer.querySelector("[data-outcome]");
    if (outcome && outcome.dataset.outcome === "ya") {
      show(sending, "done", outcome.textContent.replace(sending.file.name + ": ", ""));
      refresh(answer);
      return;
    }
    const reason = outcome ? outcome.textContent.replace(sending.file.name + ": ", "") : FAILURES[xhr.status];
    const text = reason || "Server sedang bermasalah. Coba lagi sebentar lagi.";
    const acts = [button("Coba lagi", () => again(sending)), button("Hapus dari daftar", () => remove(sending))];
    show(sending, "failed", text, ...acts);
  }
  // The list as the server sees it now, put in place of the old one. What somebody is typing in it is not thrown away.
  function refresh(answer) {
    answer.querySelectorAll("[data-swap]").forEach((fresh) => {
      const old = document.getElementById(fresh.id);
      if (!old || (old.contains(document.activeElement) && document.activeElement.matches("input, select"))) return;
      // Each answer knows only its own file; those that came before it stay marked as well.
      old.querySelectorAll(".is-new[id]").forEach((row) => fresh.querySelector("#" + row.id)?.classList.add("is-new"));
      old.replaceWith(fresh);
      window.htmx.process(fresh);
    });
  }

  // Choosing files: the card around must not take it for a changed answer, so the event ends here.
  for (const kind of ["input", "change", "keydown"]) {
    document.addEventListener(
      kind,
      (event) => {
        const input = event.target;
        if (!(input instanceof Element) || !input.matches("[data-files]")) return;
        event.stopPropagation();
        if (kind !== "change") return;
        take(input.closest("[data-upload]"), input.files);
        input.value = "";
      },
      true,
    );
  }

  const zoneAt = (target) => {
    const card = target instanceof Element && target.closest(".criterion, .ev-page");
    return card && card.querySelector("[data-upload]");
  };
  const carriesFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  const light = (target) => {
    document.querySelectorAll(".is-over").forEach((zone) => zone.classList.remove("is-over"));
    const zone = zoneAt(target);
    if (zone) zone.classList.add("is-over");
  };
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event) || !document.querySelector("[data-upload]")) return;
    event.preventDefault(); // a file that misses its place must not replace the page
    event.dataTransfer.dropEffect = zoneAt(event.target) ? "copy" : "none";
    light(event.target);
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || light(null));
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event) || !document.querySelector("[data-upload]")) return;
    event.preventDefault();
    light(null);
    const zone = zoneAt(event.target);
    const isFolder = (item) => item.webkitGetAsEntry && item.webkitGetAsEntry()?.isDirectory;
    const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
    const files = items.filter((item) => !isFolder(item)).map((item) => item.getAsFile());
    if (zone && files.length) take(zone, files);
  });
  window.addEventListener("beforeunload", (event) => {
    if (current || waiting.length) event.preventDefault();
  });

  // The list and the preview.
  const focusIn = (part) => {
    const found = part && part.querySelector("[data-focus]");
    if (found) found.focus({ preventScroll: found.getBoundingClientRect().top >= 0 && found.getBoundingClientRect().top < innerHeight / 2 });
  };
  const isOurs = (target) => target instanceof Element && target.matches("#ev-body, #ev-main");
  document.addEventListener("htmx:afterSettle", (event) => {
    const { target, requestConfig, xhr } = event.detail;
    if (!isOurs(target)) return;
    if (requestConfig && requestConfig.verb === "get" && xhr) history.replaceState(null, "", xhr.responseURL);
    focusIn(document.getElementById("ev-main"));
  });
  const failed = (event) => {
    const { target, xhr } = event.detail;
    const status = xhr ? xhr.status : 0;
    if (!isOurs(target)) return;
    const problem = document.getElementById("ev-problem");
    problem.textContent = FAILURES[status] || "Belum tersimpan: server sedang bermasalah. Coba lagi sebentar lagi.";
    problem.hidden = false;
    problem.scrollIntoView({ block: "center" });
  };
  for (const kind of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(kind, failed);
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.altKey || event.ctrlKey || event.metaKey || !(target instanceof Element)) return;
    if (!target.closest("#ev-body") || target.matches("input, select, textarea, video, pre")) return;
    const link = document.querySelector('#ev-body [data-key="' + CSS.escape(event.key) + '"]');
    if (!link) return;
    event.preventDefault();
    link.click();
  });
  if (location.search.includes("lihat=")) focusIn(document.getElementById("ev-body"));
})();
