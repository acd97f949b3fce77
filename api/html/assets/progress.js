// Moves the bar of a piece of work that goes on, and shows the page anew when it has ended.
const bar = document.querySelector("progress[data-from]");
const said = document.getElementById("progress-said");
const look = async () => {
  try {
    const { running, done, of, words } = await (await fetch(bar.dataset.from)).json();
    if (!running) {
      location.reload();
      return;
    }
    if (of > 0) {
      bar.max = of;
      bar.value = done;
    }
    said.textContent = words;
  } catch {
    said.textContent = "No answer. It is asked again.";
  }
  setTimeout(look, 1000);
};
if (bar) look();
