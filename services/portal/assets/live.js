// Keeps a page as it is now: the server sends each part of the page ready drawn, and this puts it in the place of the old one.
// Without this script the page is complete and still.
"use strict";

(function () {
  var page = document.querySelector("[data-live]");
  if (!page || !window.EventSource) return;

  var bar = document.getElementById("live");
  var word = bar.querySelector("[data-word]");
  var button = bar.querySelector("button");
  var RETRY_MS = 10000;
  // a stream ends every few minutes and the browser opens the next: only what lasts longer is told
  var GRACE_MS = 6000;
  // something changes every few seconds; where nothing comes, the connection is dead without knowing it
  var QUIET_MS = 30000;
  var source = null;
  var retry = null;
  var grace = null;
  var quiet = null;

  function show(state) {
    bar.className = "live is-" + state;
    word.textContent = bar.getAttribute("data-" + state);
    button.textContent = bar.getAttribute(state === "paused" ? "data-resume" : "data-pause");
  }

  // A part that somebody is copying from waits for the next turn.
  function isBeingRead(part) {
    var selected = window.getSelection && window.getSelection();
    return selected && !selected.isCollapsed && part.contains(selected.anchorNode);
  }

  // How to find the same element again after its part was drawn anew.
  function address(element) {
    var name = ["id", "popovertarget", "href"].filter(function (name) { return element.hasAttribute(name); })[0];
    return name && "[" + name + "=" + JSON.stringify(element.getAttribute(name)) + "]";
  }

  function put(part, html) {
    var focused = part.contains(document.activeElement) && address(document.activeElement);
    var open = Array.prototype.map.call(part.querySelectorAll("details[open]"), address);
    part.innerHTML = html;
    open.map(function (found) { return part.querySelector(found); }).forEach(function (details) { if (details) details.open = true; });
    var again = focused && part.querySelector(focused);
    if (again) again.focus({ preventScroll: true });
  }

  function connect() {
    disconnect();
    source = new EventSource(page.getAttribute("data-live"));
    source.onopen = alive;
    source.onerror = function () {
      grace = grace || setTimeout(show, GRACE_MS, "lost");
      // not all at once, when a node comes back to two hundred pages
      if (source.readyState === EventSource.CLOSED) retry = setTimeout(connect, RETRY_MS * (0.5 + Math.random()));
    };
    quiet = setTimeout(renew, QUIET_MS);
    // the session is over: the server decides what to show instead
    source.addEventListener("ended", function () { location.reload(); });
    Array.prototype.forEach.call(page.querySelectorAll("section[id]"), function (part) {
      source.addEventListener(part.id, function (event) {
        alive();
        if (!isBeingRead(part)) put(part, event.data);
      });
    });
  }

  function alive() {
    clearTimeout(grace);
    clearTimeout(quiet);
    grace = null;
    quiet = setTimeout(renew, QUIET_MS);
    if (bar.className !== "live is-live") show("live");
  }

  function renew() {
    show("lost");
    connect();
  }

  function disconnect() {
    [retry, grace, quiet].forEach(clearTimeout);
    grace = null;
    if (source) source.close();
    source = null;
  }

  function pause() {
    disconnect();
    show("paused");
  }

  button.hidden = false;
  button.textContent = bar.getAttribute("data-pause");
  button.addEventListener("click", function () { if (source) { pause(); } else { connect(); } });
  document.addEventListener("visibilitychange", function () {
    if (document.hidden && source) { disconnect(); bar.setAttribute("data-hidden", ""); }
    else if (!document.hidden && bar.hasAttribute("data-hidden")) { bar.removeAttribute("data-hidden"); connect(); }
  });
  connect();
})();
