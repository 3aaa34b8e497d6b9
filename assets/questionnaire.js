// Filling in an assessment: saves every change as it is made, keeps what could not be saved, and
// understands keys. Without it the same page is a plain form.
"use strict";
(() => {
  const holder = document.querySelector("[data-assessment]");
  if (!holder) return;
  // Parts of the page are folded. Newer browsers unfold what an address leads into, others do not.
  const unfold = (element) => {
    const part = element && element.closest("details.part:not([open])");
    if (part) part.open = true;
    return Boolean(part);
  };
  const arrive = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (unfold(target)) target.scrollIntoView();
  };
  arrive();
  window.addEventListener("hashchange", arrive);
  const FIELDS = ["seen", "status", "reason", "note"];
  const DAY = 24 * 60 * 60 * 1000;
  // What an answer may take; a service that hangs is as good as one that is down.
  const PATIENCE = 10000;

  // --- The shelf --------------------------------------------------------------------------------

  // What is not saved yet is also kept in the browser, each answer for itself, so that a closed window,
  // an ended session or a network that is down loses nothing and two windows do not disturb each other.
  const shelf = "cairn-unsaved-" + holder.dataset.assessment + "-";
  const put = (id, values) => {
    try { localStorage.setItem(shelf + id, JSON.stringify({ ...values, at: Date.now() })); } catch (_) { /* There is still the page. */ }
  };
  // Only what was saved is dropped: another window may have put something newer there.
  const drop = (id, saved) => {
    try {
      const kept = JSON.parse(localStorage.getItem(shelf + id));
      if (!saved || !kept || same(kept, saved)) localStorage.removeItem(shelf + id);
    } catch (_) { /* Nothing was kept. */ }
  };
  const same = (one, other) => FIELDS.every((name) => name === "seen" || one[name] === other[name]);
  const shelved = () => {
    const found = new Map();
    try {
      for (let i = 0; i < localStorage.length; i += 1) {
        const key = localStorage.key(i);
        if (!key.startsWith(shelf)) continue;
        const values = JSON.parse(localStorage.getItem(key));
        if (values && FIELDS.every((name) => values[name] !== undefined)) found.set(key.slice(shelf.length), values);
      }
    } catch (_) { /* What cannot be read is not ours. */ }
    return found;
  };

  // A submitted assessment takes nothing any more; what was entered for it before is shown, not lost.
  if (holder.classList.contains("unsaved")) {
    const left = shelved();
    if (!left.size) return;
    holder.hidden = false;
    holder.append("This was entered in this browser and not saved before the assessment was submitted:");
    const list = document.createElement("ul");
    for (const [id, values] of left) {
      const link = [...document.querySelectorAll("a.more")].find((one) => decodeURIComponent(one.href).endsWith("/" + id));
      const legend = link && link.closest(".question").querySelector(".legend");
      const item = document.createElement("li");
      item.textContent = (legend ? legend.textContent.trim().replace(/\s+/g, " ") : id) + ": " + values.status.replaceAll("_", " ") + (values.reason ? " (" + values.reason + ")" : "") + (values.note ? " — “" + values.note + "”" : "");
      list.append(item);
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = "Forget it";
    button.addEventListener("click", () => { [...left.keys()].forEach((id) => drop(id)); holder.remove(); });
    holder.append(list, button);
    return;
  }

  const form = holder;
  document.documentElement.classList.add("js");
  const address = form.getAttribute("action").split("?")[0];
  const state = document.querySelector(".save-state");
  // Some browsers bring back what was entered before, under records that are newer.
  form.reset();
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

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

  // By activity what was entered last, also for questions that this page does not show.
  const unsaved = new Map();
  // Those that wait for the person: something is wrong with them, or somebody else answered as well.
  const refused = new Set();
  // What was sent and not answered. It may be recorded or not, so it is sent again before anything newer:
  // a record of our own must not look like somebody else's.
  let uncertain = new Map();
  let sending = false, failures = 0, timer = null, typing = null, afterwards = null;

  // With what is uncertain beside it, so that the next visit knows of it as well.
  const enter = (id, values) => { unsaved.set(id, values); put(id, { ...values, tried: uncertain.get(id) }); };
  const done = (id, saved) => { unsaved.delete(id); refused.delete(id); drop(id, saved); };
  const waiting = () => [...unsaved.keys()].filter((id) => !refused.has(id));

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
    refused.delete(id);
    enter(id, read(id));
    clearTimeout(typing);
    if (soon) send(); else typing = setTimeout(send, 700);
  };

  const time = (text) => new Date(text).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

  const bodyOf = (batch) => {
    const body = new URLSearchParams({ touched: "yes" });
    for (const [id, values] of batch) {
      for (const name of FIELDS) body.append(name + "[" + id + "]", values[name]);
      if (values.confirm) body.append("confirm[" + id + "]", "yes");
    }
    return body;
  };
  const post = (body) => fetch(address, {
    method: "POST", body, headers: { accept: "application/json" }, redirect: "error", signal: AbortSignal.timeout(PATIENCE),
  });

  async function send() {
    clearTimeout(timer);
    clearTimeout(typing);
    if (sending) return;
    const again = [...uncertain].filter(([id]) => !refused.has(id));
    const batch = new Map(again.length ? again : waiting().map((id) => [id, unsaved.get(id)]));
    if (!batch.size) return;
    sending = true;
    say("Saving …", "busy");
    let answer = null, result = null;
    try {
      answer = await post(bodyOf(batch));
      if (answer.status === 200 || answer.status === 409 || answer.status === 422) result = await answer.json();
    } catch (_) { /* No answer came, or none that can be read: tried again below. */ }
    sending = false;
    if (answer && (answer.status < 500 || result)) uncertain = new Map();
    if (result && answer.status === 200) saved(batch, result);
    else if (result && answer.status === 422) invalid(result.faults || []);
    else if (result && result.conflicts) conflict(result.conflicts);
    else failed(answer, batch);
  }

  function saved(batch, result) {
    failures = 0;
    for (const [id, sent] of batch) {
      const recorded = result.answers[id];
      const revision = recorded !== undefined ? recorded : result.unchanged[id];
      if (revision !== undefined && field("seen", id)) field("seen", id).value = revision;
      if (revision !== undefined) document.querySelectorAll("[data-seen]").forEach((one) => { if (one.dataset.seen === id) one.value = revision; });
      const now = unsaved.get(id);
      if (now && same(now, sent) && Boolean(now.confirm) === Boolean(sent.confirm)) done(id, sent);
      // What was entered while this was under way is saved next, on top of this record.
      else if (now && revision !== undefined) enter(id, { ...now, seen: String(revision) });
      settle(id, recorded !== undefined);
      if (revision !== undefined) rely(id, sent.status);
    }
    progress(result);
    if (waiting().length) send();
    else if (unsaved.size) say("Some answers are not saved; see the marked ones.", "bad");
    else say("Saved " + time(result.at), "good");
    if (!waiting().length && afterwards) {
      const go = afterwards;
      afterwards = null;
      go();
    }
  }

  // What a saved question no longer says: that it is not confirmed, or was wrong.
  function settle(id, recorded) {
    const element = question(id);
    if (!element) return;
    element.querySelectorAll(".live").forEach((message) => message.remove());
    if (recorded) element.querySelectorAll(".state.draft, button[value^='confirm-a']").forEach((mark) => mark.remove());
  }

  // What others that build on it say of it.
  function rely(id, status) {
    for (const said of document.querySelectorAll("[data-status-of]")) if (said.dataset.statusOf === id) said.textContent = words(status).toLowerCase();
  }

  function progress(result) {
    const set = (id, text) => { const element = document.getElementById(id); if (element) element.textContent = text; };
    set("answered", result.answered);
    set("applicable", result.applicable);
    set("not-applicable", result.not_applicable);
    set("score", result.score);
    const level = document.querySelector("#level .level");
    if (level) { level.className = "level l" + result.level; level.textContent = result.level; }
    const bar = document.getElementById("progress");
    if (bar) { bar.max = Math.max(1, result.applicable); bar.value = result.answered; }
    for (const section of document.querySelectorAll(".part > section")) {
      const marks = document.querySelectorAll("[data-part='" + section.id + "']");
      const isNarrowed = document.querySelector(".filters option:checked:not([value=''])") || (document.querySelector(".filters input[type='search']") || {}).value;
      if (isNarrowed) continue;
      const questions = [...section.querySelectorAll(".question")].filter((one) => !one.querySelector("input[value='not_applicable']:checked"));
      const open = questions.filter((one) => one.querySelector("input[value='unanswered']:checked")).length;
      const unconfirmed = section.querySelectorAll("legend .state.draft").length;
      for (const mark of marks) {
        mark.textContent = (questions.length - open) + " / " + questions.length + (unconfirmed ? ", " + unconfirmed + " to confirm" : "");
        mark.className = "state " + (open ? "none" : unconfirmed ? "draft" : "done");
      }
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
    unfold(element);
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
    afterwards = null;
    say("Not saved: " + (faults[0] ? faults[0].message : "something is wrong"), "bad");
    // The others were only held up by these.
    send();
  }

  const words = (status) => {
    const input = [...form.querySelectorAll(".choices input")].find((one) => one.value === status);
    return input ? input.nextElementSibling.textContent : status;
  };

  const told = (values) => words(values.status) + (values.reason ? " (" + values.reason + ")" : "") + (values.note ? " — “" + values.note + "”" : "");
  const choose = (box, text, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = text;
    button.addEventListener("click", act);
    box.append(button, " ");
  };

  function conflict(conflicts) {
    afterwards = null;
    for (const theirs of conflicts) {
      const id = theirs.activity;
      const mine = unsaved.get(id) || read(id);
      refused.add(id);
      const box = message(id, [theirs.by + " answered this at " + time(theirs.at) + ": " + told(theirs), "You answered: " + told(mine)]);
      if (!box) continue;
      choose(box, "Keep theirs", () => {
        write(id, { seen: theirs.revision, status: theirs.status, reason: theirs.reason, note: theirs.note });
        done(id);
        settle(id, true);
        rely(id, theirs.status);
        say("Kept what " + theirs.by + " answered", "good");
      });
      choose(box, "Use mine", () => {
        if (field("seen", id)) field("seen", id).value = theirs.revision;
        refused.delete(id);
        enter(id, { ...(unsaved.get(id) || mine), seen: String(theirs.revision) });
        send();
      });
    }
    const elsewhere = conflicts.some((theirs) => !question(theirs.activity));
    say("Somebody else changed " + (conflicts.length === 1 ? "an answer" : conflicts.length + " answers") + " meanwhile: " + (elsewhere ? "show all questions to choose." : "choose at the question."), "bad");
    send();
  }

  // Signing in leads back here, where what is kept is offered to be saved.
  function signed_out() {
    const here = "/sign-in?next=" + encodeURIComponent(location.pathname + location.search);
    say("Not saved: you are not signed in any more. What you entered is kept in this browser.", "bad", ["Sign in", () => { location.href = here; }]);
  }

  function failed(answer, batch) {
    afterwards = null;
    if (answer && answer.status === 413) {
      // Only a note of great length makes a request as large as that.
      const longest = [...batch].sort((one, other) => other[1].note.length - one[1].note.length)[0];
      invalid([{ field: "note[" + longest[0] + "]", message: "the note is too long: at most 10,000 characters" }]);
      return;
    }
    if (answer && answer.status === 401) {
      signed_out();
      return;
    }
    if (answer && answer.status >= 400 && answer.status < 500 && answer.status !== 408 && answer.status !== 429) {
      say("Not saved: this assessment does not take answers from you now. What you entered is kept in this browser.", "bad", ["Load the page again", () => location.reload()]);
      return;
    }
    uncertain = new Map(batch);
    for (const id of batch.keys()) if (unsaved.has(id)) enter(id, unsaved.get(id));
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
      enter(match[2], read(match[2]));
      refused.add(match[2]);
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
  // A button sends the whole form. What is not saved goes first, so that it is still here if that fails.
  // Also when there is nothing of that, the service is asked first whether it is there.
  let may_go = false;
  form.addEventListener("submit", (event) => {
    if (may_go) { may_go = false; return; }
    event.preventDefault();
    const button = event.submitter;
    const go = () => { may_go = true; form.requestSubmit(button); };
    if (waiting().length) { afterwards = go; send(); return; }
    const stay = () => say("Not sent: no connection to the service. Nothing on this page is lost.", "bad", ["Try again", () => form.requestSubmit(button)]);
    post(bodyOf([])).then((answer) => { if (answer.status === 401) signed_out(); else if (answer.status < 500) go(); else stay(); }).catch(stay);
  });
  window.addEventListener("online", send);
  window.addEventListener("pagehide", () => {
    const left = waiting().map((id) => [id, unsaved.get(id)]);
    if (left.length && navigator.sendBeacon) navigator.sendBeacon(address, bodyOf(left));
  });

  // What an earlier visit could not save is entered again and sent, as what it saw then: where somebody
  // else answered since, that is a conflict and not overwritten. What is old is not sent by itself.
  let old = 0;
  for (const [id, { at, tried, ...values }] of shelved()) {
    unsaved.set(id, values);
    if (tried) uncertain.set(id, tried);
    write(id, { status: values.status, reason: values.reason, note: values.note });
    if (Date.now() - at < DAY) continue;
    refused.add(id);
    old += 1;
    if (!question(id)) continue;
    const box = message(id, ["You entered this on " + new Date(at).toLocaleDateString() + " and it was not saved: " + told(values)]);
    choose(box, "Save it", () => { refused.delete(id); send(); });
    choose(box, "Forget it", () => { done(id); location.reload(); });
  }
  if (old) say("You entered " + (old === 1 ? "an answer" : old + " answers") + " some days ago that " + (old === 1 ? "is" : "are") + " not saved; all questions show " + (old === 1 ? "it." : "them."), "bad");
  send();

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
  // Where the address points to is where j and k go on from.
  let at = -1;
  const target = document.getElementById(location.hash.slice(1));
  if (target && target.matches("#questions .question")) at = all().indexOf(target);
  else if (target) at = all().findIndex((one) => target.contains(one)) - 1;
  const move = (index) => {
    const questions = all();
    if (!questions.length) return;
    at = Math.max(0, Math.min(index, questions.length - 1));
    unfold(questions[at]);
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
  const take = (input) => {
    if (!input) return;
    if (!input.checked) {
      input.checked = true;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (input.value !== "not_applicable") input.focus({ preventScroll: true });
  };
  // A confirmation goes the way of all answers, with all that keeps them from being lost.
  const confirmed = (element) => {
    const hidden = element.querySelector("input[type='hidden'][name^='seen[']");
    if (!hidden || !element.querySelector("button[value^='confirm-a']")) return;
    const id = nameOf(hidden)[2];
    refused.delete(id);
    enter(id, { ...read(id), confirm: true });
    send();
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
      n: () => element && take(element.querySelector("input[value='not_applicable']")),
      y: () => element && confirmed(element),
      c: () => {
        const note = element && element.querySelector("details.note");
        if (note) { note.open = true; note.querySelector("textarea").focus(); }
      },
      e: () => element && element.querySelector("a.more") && window.open(element.querySelector("a.more").href + "#evidence", "_blank", "noopener"),
      d: () => element && element.querySelector("a.more") && open(element.querySelector("a.more")),
      x: () => { const pick = element && element.querySelector(".pick input"); if (pick) pick.checked = !pick.checked; },
      "/": () => { const search = document.querySelector(".filters input[type='search']"); if (search) search.focus(); },
      "?": () => { const keys = document.getElementById("keys"); if (keys) keys.showModal(); },
    }[event.key];
    if (act) { event.preventDefault(); act(); return; }
    if (digit >= 0 && element) {
      const choices = [...element.querySelectorAll(".choices input")].filter((input) => input.value !== "not_applicable");
      if (choices[digit]) { event.preventDefault(); take(choices[digit]); }
    }
  });

  // Choosing a filter shows it at once.
  document.querySelectorAll(".filters select").forEach((select) => select.addEventListener("change", () => select.form.requestSubmit()));
})();
