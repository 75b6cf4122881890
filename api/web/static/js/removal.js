// Deleting from the Vault, after showing the consequences.
import { api } from "./api.js";
import { ask } from "./feedback.js";

/** Asks, then deletes; false where it was kept. `kind`: songs, videos or characters. */
export async function removed(kind, id, name) {
  const plan = await api.get(`/${kind}/${id}/deletion`);
  const act = () => api.delete(`/${kind}/${id}`);
  return Boolean(await ask({ title: `Delete “${name}”?`, words: plan.sentence, confirm: "Delete", danger: true, act }));
}
