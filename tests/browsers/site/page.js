// Asks the own server, and loads a further script.
const root = document.documentElement;
fetch("/data.json")
  .then((answer) => answer.json())
  .then(({ word }) => {
    root.dataset.fetched = word;
    const more = document.createElement("script");
    more.src = "/more.js";
    document.head.append(more);
  });
