// A button beside a field that is there to be copied. Without it the field is selected by hand.
"use strict";
for (const field of document.querySelectorAll("[data-copy]")) {
  field.addEventListener("focus", () => field.select());
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = "Copy";
  const state = document.createElement("span");
  state.className = "visually-hidden";
  state.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    field.select();
    let done = false;
    try {
      // Only there where nobody can read along; elsewhere the older way remains.
      if (navigator.clipboard) { await navigator.clipboard.writeText(field.value); done = true; } else { done = document.execCommand("copy"); }
    } catch (_) { /* The field is selected and can be copied by hand. */ }
    button.textContent = done ? "Copied" : "Copy it with the keyboard";
    state.textContent = button.textContent;
  });
  field.closest("label").after(button, state);
}
