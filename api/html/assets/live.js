// Says politely that the log has grown since this page was made, and moves nothing under the
// reader. Closed while nobody looks, so that one address's streams are not used up.
const main = document.querySelector("main[data-live]");
let paused = sessionStorage.getItem("live") === "paused";
let source;
let count = 0;

const box = document.createElement("p");
box.className = "live small";
const words = document.createElement("span");
words.setAttribute("role", "status");
const button = document.createElement("button");
button.type = "button";
button.className = "copy";
box.append(words, " ", button);

const show = () => {
  words.replaceChildren();
  if (count > 0) {
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = "Show them";
    words.append(count === 1 ? "1 new change. " : `${count} new changes. `, link);
  } else {
    words.append(paused ? "New changes are not looked for." : "New changes will be told here.");
  }
  button.textContent = paused ? "Look for them" : "Stop";
};

const close = () => {
  source?.close();
  source = undefined;
};
const open = () => {
  if (paused || source || document.hidden) return;
  source = new EventSource(`/v1/changes/stream?named=0&after=${main.dataset.live}`);
  count = 0;
  source.onmessage = ({ data }) => {
    if (JSON.parse(data).type.endsWith(".checkpoint.v1")) return;
    count += 1;
    show();
  };
};

if (main) {
  button.addEventListener("click", () => {
    paused = !paused;
    sessionStorage.setItem("live", paused ? "paused" : "on");
    close();
    open();
    show();
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  main.prepend(box);
  show();
  open();
}
