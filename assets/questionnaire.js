// Filling in an assessment: saves every change as it is made, keeps what could not be saved, and
// understands keys. Without it the same page is a plain form.
"use strict";
(() => {
  const form = document.querySelector("form.questions[data-assessment]");
  if (!form) return;
  document.documentElement.classList.add("js");
  const address = form.getAttribute("action").split("?")[0];
  const shelf = "cairn-unsaved-" + form.dataset.assessment;
  const state = document.querySelector(".save-state");
  const FIELDS = ["seen", "status", "reason", "note"];

  // --- The fields of one question ---------------------------------------------------------------

  const nameOf = (element) => /^(seen|status|reason|note)\[(.*)\]$/.exec(element.name || "");
  const field = (name, id) => form.elements.namedItem(name + "[" + id + "]");
  const read = (id) => {
    const values = {};
    for (const name of FIELDS) values[name] = (field(name, id) || { value: "" }).value;
    return values;
  };
  const write = (id, values) => {
    for (const name of FIELDS) {
      const element = field(name, id);
      if (element && values[name] !== undefined) element.value = values[name];
    }
    const note = field("note", id);
    if (note && note.value) note.closest("details").open = true;
  };
  const question = (id) => field("seen", id) && field("seen", id).closest(".question");

  // --- What is not saved yet --------------------------------------------------------------------

  // By activity what was entered last. It is also put on a shelf in the browser, so that a closed
  // window, an ended session or a network that is down loses nothing.
  const unsaved = new Map();
  const refused = new Set();
  let sending = false, failures = 0, timer = null, typing = null;

  const keep = () => {
    try {
      if (unsaved.size) localStorage.setItem(shelf, JSON.stringify([...unsaved]));
      else localStorage.removeItem(shelf);
    } catch (_) { /* Without a shelf there is still the page. */ }
  };

  const say = (text, kind, action) => {
    state.hidden = false;
    state.className = "save-state " + kind;
    state.textContent = text;
    if (action) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "link";
      button.textContent = action[0];
      button.addEventListener("click", action[1]);
      state.append(" ", button);
    }
  };

  const changed = (id, soon) => {
    unsaved.set(id, read(id));
    refused.delete(id);
    keep();
    clearTimeout(typing);
    if (soon) send(); else typing = setTimeout(send, 700);
  };

  const time = (text) => new Date(text).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

  async function send() {
    clearTimeout(timer);
    clearTimeout(typing);
    // What was refused waits until the person changes it.
    const batch = new Map([...unsaved].filter(([id]) => !refused.has(id)));
    if (sending || !batch.size) return;
    sending = true;
    say("Saving …", "busy");
    const body = new URLSearchParams();
    for (const [id, values] of batch) {
      for (const name of FIELDS) body.append(name + "[" + id + "]", values[name]);
    }
    let answer = null, result = null;
    try {
      answer = await fetch(address, { method: "POST", body, headers: { accept: "application/json" }, redirect: "error" });
      if (answer.status === 200 || answer.status === 409 || answer.status === 422) result = await answer.json();
    } catch (_) { /* No answer came, or none that can be read: tried again below. */ }
    sending = false;
    if (answer && result && answer.status === 200) saved(batch, result);
    else if (answer && result && answer.status === 422) invalid(result.faults || []);
    else if (answer && result && answer.status === 409) conflict(result.conflicts || []);
    else failed(answer);
  }

  function saved(batch, result) {
    failures = 0;
    for (const [id, sent] of batch) {
      const revision = result.answers[id];
      if (revision !== undefined) field("seen", id).value = revision;
      // What was entered while the answer was under way is still to be saved, on top of this record.
      const now = unsaved.get(id);
      if (now && FIELDS.every((name) => name === "seen" || now[name] === sent[name])) unsaved.delete(id);
      else if (now && revision !== undefined) now.seen = String(revision);
      settle(id, revision !== undefined);
    }
    keep();
    progress(result);
    if ([...unsaved.keys()].some((id) => !refused.has(id))) send();
    else if (unsaved.size) say("Some answers are not saved; see the marked ones.", "bad");
    else say("Saved " + time(result.at), "good");
  }

  // What a saved question no longer says: that it is not confirmed, or was wrong.
  function settle(id, recorded) {
    const element = question(id);
    if (!element) return;
    element.querySelectorAll(".live").forEach((message) => message.remove());
    if (recorded) element.querySelectorAll(".state.draft, button[value^='confirm-a']").forEach((mark) => mark.remove());
  }

  function progress(result) {
    const set = (id, text) => { const element = document.getElementById(id); if (element) element.textContent = text; };
    set("answered", result.answered);
    set("score", result.score);
    const level = document.querySelector("#level .level");
    if (level) { level.className = "level l" + result.level; level.textContent = result.level; }
    const bar = document.getElementById("progress");
    if (bar) bar.value = result.answered;
    for (const section of document.querySelectorAll("section.card[id^='s']")) {
      const mark = document.querySelector("[data-part='" + section.id + "']");
      if (!mark || document.querySelector(".filters option:checked:not([value=''])")) continue;
      const questions = [...section.querySelectorAll(".question")];
      const open = questions.filter((one) => one.querySelector("input[value='unanswered']:checked")).length;
      const unconfirmed = section.querySelectorAll("legend .state.draft").length;
      mark.textContent = (questions.length - open) + " / " + questions.length + (unconfirmed ? ", " + unconfirmed + " to confirm" : "");
      mark.className = "state " + (open ? "none" : unconfirmed ? "draft" : "done");
    }
  }

  function message(id, lines) {
    const element = question(id);
    if (!element) return null;
    element.querySelectorAll(".live").forEach((old) => old.remove());
    const box = document.createElement("div");
    box.className = "notice bad live";
    box.setAttribute("role", "alert");
    for (const line of lines) {
      const paragraph = document.createElement("p");
      paragraph.textContent = line;
      box.append(paragraph);
    }
    element.querySelector(".choices").before(box);
    return box;
  }

  function invalid(faults) {
    const found = new Map();
    for (const fault of faults) {
      const match = /\[(.*)\]$/.exec(fault.field);
      const id = match ? match[1] : [...unsaved.keys()][0];
      found.set(id, [...(found.get(id) || []), fault.message]);
    }
    for (const [id, lines] of found) {
      refused.add(id);
      message(id, lines);
    }
    keep();
    say("Not saved: " + (faults[0] ? faults[0].message : "something is wrong"), "bad");
    // The others were only held up by these.
    send();
  }

  const words = (status) => {
    const input = [...form.querySelectorAll(".choices input")].find((one) => one.value === status);
    return input ? input.nextElementSibling.textContent : status;
  };

  function conflict(conflicts) {
    for (const theirs of conflicts) {
      const id = theirs.activity;
      const mine = unsaved.get(id) || read(id);
      refused.add(id);
      const box = message(id, [
        theirs.by + " answered this at " + time(theirs.at) + ": " + words(theirs.status) + (theirs.reason ? " (" + theirs.reason + ")" : "") + (theirs.note ? " — “" + theirs.note + "”" : ""),
        "You answered: " + words(mine.status) + (mine.reason ? " (" + mine.reason + ")" : "") + (mine.note ? " — “" + mine.note + "”" : ""),
      ]);
      if (!box) continue;
      const choose = (text, act) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "quiet";
        button.textContent = text;
        button.addEventListener("click", act);
        box.append(button, " ");
      };
      choose("Keep theirs", () => {
        write(id, { seen: theirs.revision, status: theirs.status, reason: theirs.reason, note: theirs.note });
        unsaved.delete(id);
        refused.delete(id);
        keep();
        settle(id, true);
        say("Kept what " + theirs.by + " answered", "good");
      });
      choose("Use mine", () => {
        unsaved.set(id, { ...mine, seen: String(theirs.revision) });
        field("seen", id).value = theirs.revision;
        refused.delete(id);
        send();
      });
    }
    say("Somebody else changed " + (conflicts.length === 1 ? "an answer" : conflicts.length + " answers") + " meanwhile: choose below.", "bad");
    send();
  }

  function failed(answer) {
    if (answer && answer.status >= 400 && answer.status < 500 && answer.status !== 408 && answer.status !== 429) {
      say("Not saved: this assessment does not take answers from you now. What you entered is kept in this browser.", "bad", ["Load the page again", () => location.reload()]);
      return;
    }
    failures += 1;
    const wait = Math.min(30, 2 ** failures);
    say("Not saved: no connection to the service. What you entered is kept in this browser; next try in " + wait + " s.", "bad", ["Try now", send]);
    timer = setTimeout(send, wait * 1000);
  }

  form.addEventListener("change", (event) => {
    const match = nameOf(event.target);
    if (!match || match[1] === "seen") return;
    // Without a reason “not applicable” cannot be saved; the person is about to give it.
    const reason = field("reason", match[2]);
    if (match[1] === "status" && event.target.value === "not_applicable" && reason && !reason.value.trim()) {
      unsaved.set(match[2], read(match[2]));
      refused.add(match[2]);
      keep();
      say("Not saved yet: say why it does not apply.", "bad");
      reason.focus();
      return;
    }
    changed(match[2], true);
  });
  form.addEventListener("input", (event) => {
    const match = nameOf(event.target);
    if (match && (match[1] === "note" || match[1] === "reason")) changed(match[2], false);
  });
  // A button sends the whole form, so nothing is left to keep.
  form.addEventListener("submit", () => { unsaved.clear(); keep(); });
  window.addEventListener("online", send);
  window.addEventListener("pagehide", () => {
    if (!unsaved.size || !navigator.sendBeacon) return;
    const body = new URLSearchParams();
    for (const [id, values] of unsaved) for (const name of FIELDS) body.append(name + "[" + id + "]", values[name]);
    navigator.sendBeacon(address, body);
  });

  // What an earlier visit could not save is entered again and sent, as what it saw then: where somebody
  // else answered since, that is a conflict and not overwritten.
  try {
    const left = JSON.parse(localStorage.getItem(shelf) || "[]");
    for (const [id, values] of left) {
      if (!field("seen", id)) continue;
      write(id, { status: values.status, reason: values.reason, note: values.note });
      unsaved.set(id, values);
    }
    if (unsaved.size) send();
  } catch (_) { /* The shelf holds nothing that can be read. */ }

  // --- Longer texts on demand -------------------------------------------------------------------

  async function open(link) {
    const element = link.closest(".question");
    const shown = element && element.querySelector(".more-texts");
    if (!element || !document.getElementById("questions")) { location.href = link.href; return; }
    if (shown) { shown.remove(); return; }
    try {
      const answer = await fetch(link.href);
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const box = document.createElement("div");
      box.className = "more-texts";
      const texts = page.querySelector(".texts");
      if (texts) box.append(document.importNode(texts, true));
      const whole = document.createElement("a");
      whole.href = link.href;
      whole.textContent = "Evidence, history and all about it";
      box.append(whole);
      element.append(box);
    } catch (_) {
      location.href = link.href;
    }
  }
  form.addEventListener("click", (event) => {
    const link = event.target.closest("a.more");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  });

  // --- Keys -------------------------------------------------------------------------------------

  const all = () => [...document.querySelectorAll("#questions .question")];
  let at = -1;
  const move = (index) => {
    const questions = all();
    if (!questions.length) return;
    at = Math.max(0, Math.min(index, questions.length - 1));
    questions.forEach((one, i) => one.classList.toggle("current", i === at));
    questions[at].scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    const checked = questions[at].querySelector(".choices input:checked") || questions[at].querySelector(".choices input");
    if (checked) checked.focus({ preventScroll: true });
  };
  form.addEventListener("focusin", (event) => {
    const element = event.target.closest(".question");
    const index = element ? all().indexOf(element) : -1;
    if (index < 0 || index === at) return;
    at = index;
    all().forEach((one, i) => one.classList.toggle("current", i === at));
  });
  const choose = (input) => {
    if (!input) return;
    if (!input.checked) {
      input.checked = true;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (input.value !== "not_applicable") input.focus({ preventScroll: true });
  };
  const confirmed = async (element) => {
    const button = element.querySelector("button[value^='confirm-a']");
    const hidden = element.querySelector("input[type='hidden'][name^='seen[']");
    if (!button || !hidden) return;
    const body = new URLSearchParams({ button: button.value });
    const id = nameOf(hidden)[2];
    const again = () => say("Not confirmed: no connection to the service.", "bad", ["Try again", () => confirmed(element)]);
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { accept: "application/json" }, redirect: "error" });
      if (answer.status !== 200) { again(); return; }
      const result = await answer.json();
      if (result.answers[id] !== undefined) hidden.value = result.answers[id];
      settle(id, true);
      progress(result);
      say("Confirmed " + time(result.at), "good");
    } catch (_) { again(); }
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[value^='confirm-a']");
    if (!button || !document.getElementById("questions")) return;
    event.preventDefault();
    confirmed(button.closest(".question"));
  });

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    const isText = target.matches("textarea, select, input:not([type='radio']):not([type='checkbox'])");
    if (event.key === "Escape" && isText) { target.blur(); return; }
    if (isText || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const questions = all();
    const element = questions[at];
    const digit = /^[0-9]$/.test(event.key) ? Number(event.key) : -1;
    const act = {
      j: () => move(at + 1),
      k: () => move(at - 1),
      u: () => {
        const open = (one) => one.querySelector("input[value='unanswered']:checked");
        const next = questions.findIndex((one, i) => i > at && open(one));
        const first = next >= 0 ? next : questions.findIndex(open);
        if (first >= 0) move(first); else say("Everything is answered.", "good");
      },
      n: () => element && choose(element.querySelector("input[value='not_applicable']")),
      y: () => element && confirmed(element),
      c: () => {
        const note = element && element.querySelector("details.note");
        if (note) { note.open = true; note.querySelector("textarea").focus(); }
      },
      e: () => element && element.querySelector("a.more") && window.open(element.querySelector("a.more").href + "#evidence", "_blank", "noopener"),
      d: () => element && element.querySelector("a.more") && open(element.querySelector("a.more")),
      x: () => { const pick = element && element.querySelector("input.pick"); if (pick) pick.checked = !pick.checked; },
      "/": () => { const search = document.querySelector(".filters input[type='search']"); if (search) search.focus(); },
      "?": () => { const keys = document.getElementById("keys"); if (keys) keys.showModal(); },
    }[event.key];
    if (act) { event.preventDefault(); act(); return; }
    if (digit >= 0 && element) {
      const choices = [...element.querySelectorAll(".choices input")].filter((input) => input.value !== "not_applicable");
      if (choices[digit]) { event.preventDefault(); choose(choices[digit]); }
    }
  });

  // Choosing a filter shows it at once.
  document.querySelectorAll(".filters select").forEach((select) => select.addEventListener("change", () => select.form.requestSubmit()));
})();
