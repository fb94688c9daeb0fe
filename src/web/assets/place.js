// Where on its host the page is served: empty, or the base path of a server behind a proxy. All addresses begin with
// it. So does what is kept in the browser, since servers under several paths of one host share its storage.

export const base = new URL(".", import.meta.url).pathname.slice(0, -1);

/** Where this browser keeps which alerts are turned on. */
export const alertsPlace = `approvekit-alerts${base}`;
