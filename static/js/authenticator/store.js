// What the phone keeps, in IndexedDB: a row for each linked account. Keys are stored as CryptoKey objects
// that cannot be exported, so no script ever sees them; facts are small things such as the clock's offset.
const NAME = "authenticator";
const VERSION = 1;

let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("links", { keyPath: "phone" });
      request.result.createObjectStore("facts");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function run(name, mode, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, mode);
    const request = act(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

export async function listLinks() {
  const links = await run("links", "readonly", (store) => store.getAll());
  return links.sort((one, other) => one.linkedAt - other.linkedAt);
}

export const keepLink = (link) => run("links", "readwrite", (store) => store.put(link));

export const forgetLink = (phone) => run("links", "readwrite", (store) => store.delete(phone));

export const readFact = (name) => run("facts", "readonly", (store) => store.get(name));

export const keepFact = (name, value) => run("facts", "readwrite", (store) => store.put(value, name));
