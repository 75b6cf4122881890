// Buying: at Stripe's own page, or as a test without money.
import { confirmed } from "./confirming.js";
import { $, $$, show } from "./dom.js";
import { api, order } from "./api.js";
import { busy, orSay, toast } from "./feedback.js";

const place = $("#offers");
const products = (await orSay(api.get("/products"))) ?? {};
show($("#test-words"), Boolean(products.test_purchases));

for (const button of $$("[data-offer]")) {
  button.addEventListener("click", () =>
    busy(button, place, async () => {
      const wanted = { price: button.dataset.offer };
      if (products.test_purchases) {
        await order("/test-purchases", wanted);
        toast("Credits added.");
        location.reload();
      } else {
        const checkout = await confirmed(() => order("/checkouts", wanted));
        location.assign(checkout.url);
      }
    }),
  );
}
