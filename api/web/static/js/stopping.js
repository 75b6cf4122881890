// An artist stops a video in the making: the credits that are kept are shown before, and are never more than was agreed to.
import { api } from "./api.js";
import { ask, busy } from "./feedback.js";

/** Lets a button stop a video; problems are shown in `place`. */
export function stops(button, videoId, place) {
  const address = `/videos/${videoId}/cancellation`;
  button.addEventListener("click", async () => {
    let terms = null;
    await busy(button, place, async () => { terms = await api.get(address); });
    // More may be bought while the dialog is open: the sum that was shown is kept, or the dialog asks again.
    while (terms) {
      const words = `Everything made so far is deleted. ${terms.sentence}`;
      if (!(await ask({ title: "Cancel this video?", words, confirm: "Cancel the video", danger: true }))) return;
      const agreed = terms;
      terms = null;
      await busy(button, place, async () => {
        try {
          await api.post(address, { accept_kept: agreed.kept });
        } catch (problem) {
          if (problem.code !== "accept_kept") throw problem;
          terms = await api.get(address);
        }
      });
    }
  });
}
