// Says beside the newest time of the log how long ago it was: a page that is kept cannot.
const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const ago = (seconds) => {
  const [unit, size] = units.find(([, size]) => seconds >= size) ?? units[3];
  const count = Math.max(0, Math.floor(seconds / size));
  return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
};
for (const time of document.querySelectorAll("time[data-ago]")) {
  const note = document.createElement("span");
  time.after(note);
  const show = () => {
    note.textContent = `, ${ago((Date.now() - Date.parse(time.dateTime)) / 1000)}`;
  };
  show();
  setInterval(show, 30000);
}
