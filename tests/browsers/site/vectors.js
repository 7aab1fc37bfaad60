// The site's own script, which does what a careless one does with a text of an attacker.
"use strict";

const vectors = {
  javascript: () => document.querySelector("a").click(),
  eval: () => eval("ATTACK"),
  function: () => new Function("ATTACK")(),
  timer: () => setTimeout("ATTACK"),
  blob() {
    const script = document.createElement("script");
    script.src = URL.createObjectURL(new Blob(["ATTACK"], { type: "text/javascript" }));
    document.head.append(script);
  },
  worker() {
    const worker = new Worker(URL.createObjectURL(new Blob(["postMessage('ran')"])));
    worker.onmessage = () => { document.documentElement.dataset.attacked = "yes"; };
  },
  markup() {
    const place = document.createElement("div");
    place.innerHTML = "<img src=/nothing onerror=\"ATTACK\">";
    document.body.append(place);
  },
  fetch: () => fetch("STRANGER/hit/fetch"),
  beacon: () => navigator.sendBeacon("STRANGER/hit/beacon"),
  socket: () => new WebSocket("STRANGER/hit/socket".replace("https", "wss")),
  sibling: () => new WebSocket("STRANGER/hit/sibling".replace(/https:..[^:]*/, "wss://sibling.example.tld")),
  ping: () => document.querySelector("a").click(),
  form: () => document.forms[0].submit(),
  redirect: () => document.forms[0].submit(),
};

document.documentElement.dataset.ready = "yes";
vectors[location.pathname.split("/").pop()]?.();
