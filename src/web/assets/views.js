// The two views of the page: what waits, and the record of what was.

export class Views {
  isRecord = false;

  /** `opened()` hears that the record has come on the screen. */
  constructor(part, opened) {
    this.tabs = [part.querySelector("#view-queue"), part.querySelector("#view-record")];
    this.panes = [part.querySelector("#queue"), part.querySelector("#trail")];
    this.opened = opened;
    this.tabs.forEach((tab, index) => tab.addEventListener("click", () => this.show(index === 1)));
    this.show(false);
  }

  show(isRecord) {
    this.isRecord = isRecord;
    this.tabs.forEach((tab, index) => {
      if ((index === 1) === isRecord) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
      this.panes[index].hidden = (index === 1) !== isRecord;
    });
    if (isRecord) this.opened();
  }
}
