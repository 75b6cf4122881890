// Buying: to Stripe's own page, or as a test where no money moves.
import { $, $$, show } from "./dom.js";
import { api, intent } from "./api.js";
import { busy, toast } from "./feedback.js";

const place = $("#offers");
const products = await api.get("/products");
show($("#test-words"), products.test_purchases);

for (const button of $$("[data-offer]")) {
  const key = intent();
  button.addEventListener("click", () =>
    busy(button, place, async () => {
      const order = { price: button.dataset.offer };
      if (products.test_purchases) {
        await api.post("/test-purchases", order, { key });
        toast("Credits added.");
        location.reload();
      } else {
        const checkout = await api.post("/checkouts", order, { key });
        location.assign(checkout.url);
      }
    }),
  );
}
