// The steps of the @smoke scenario.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { Given, Then, When } from "@cucumber/cucumber";

const { buyer, device, profile, settings } = JSON.parse(readFileSync("shop.json", "utf8"));

async function call(world, method, path, body) {
  const headers = { "content-type": "application/json", "x-app-token": settings.app_token };
  if (method === "POST") headers["x-device-metadata"] = device;
  if (world.accessToken) headers.authorization = `Bearer ${world.accessToken}`;
  const url = `${settings.project_url}/api/content/${path}`;
  const response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  const text = await response.text();
  world.attach(text, { mediaType: "application/json", fileName: `${method} ${path}, ${response.status}` });
  assert.equal(response.status, method === "POST" ? 201 : 200, text);
  return JSON.parse(text);
}

const whenMade = (record) => new Date(record.createdDate);
const cents = (amount) => Math.round(Number(amount) * 100);

Given("{word} has signed in", async function (_person) {
  const { provider, user_field, password_field } = profile.sign_in;
  const authData = [
    { marker: user_field, value: settings.user },
    { marker: password_field, value: settings.password },
  ];
  const signedIn = await call(this, "POST", `users-auth-providers/marker/${provider}/users/auth`, { authData });
  this.accessToken = signedIn.accessToken;
  this.claims = JSON.parse(Buffer.from(this.accessToken.split(".")[1], "base64url").toString());
  for (const each of [signedIn, this.claims]) {
    assert.equal(each.userIdentifier, settings.user);
    assert.equal(each.authProviderIdentifier, provider);
  }
  assert.ok(this.claims.exp > this.claims.iat && this.claims.iat > 0);
  assert.match(signedIn.refreshToken, /^\d{13}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.ok(!JSON.stringify(signedIn).includes(settings.password));
});

When("{word} orders {int} {string}", async function (_person, quantity, product) {
  const { form, name_field, storage } = profile.orders;
  this.product = profile.products[product];
  this.purchase = {
    formIdentifier: form,
    paymentAccountIdentifier: Object.values(profile.accounts)[0],
    formData: { [profile.language]: [{ type: "string", marker: name_field, value: buyer }] },
    products: [{ productId: this.product.id, quantity }],
  };
  this.order = await call(this, "POST", `orders-storage/marker/${storage}/orders`, this.purchase);
});

When("{word} opens a payment session for the order", async function (_person) {
  const asked = { orderId: this.order.id, type: "session", automaticTaxEnabled: false };
  this.session = await call(this, "POST", "payments/sessions", asked);
});

Then("the order confirmation shows the ordered products, the payment method and the correct total", function () {
  const { claims, order, product } = this;
  for (const [name, asked] of Object.entries(this.purchase)) assert.deepEqual(order[name], asked, name);
  assert.equal(cents(order.totalSum), cents(product.price) * order.products[0].quantity);
  assert.equal(order.currency, product.currency);
  assert.ok(!JSON.stringify(order).includes(settings.password));
  const made = whenMade(order) / 1000;
  assert.ok(claims.iat <= made && made <= claims.exp);
});

Then(
  "the payment session is waiting for payment, as its payment method requires",
  async function () {
    const { order, session } = this;
    const accounts = await call(this, "GET", "payments/accounts");
    const account = accounts.find((each) => each.identifier === order.paymentAccountIdentifier);
    assert.equal(session.paymentAccountId, account.id);
    assert.equal(session.orderId, order.id);
    assert.equal(session.type, "session");
    assert.equal(session.status, "waiting");
    assert.equal(Boolean(session.paymentUrl), account.type !== "custom");
    assert.ok(!session.paymentUrl || session.paymentUrl.startsWith("https://"));
    assert.ok(!session.clientSecret);
    assert.ok(whenMade(session) >= whenMade(order));
    assert.ok([null, order.totalSum, 100 * order.totalSum].includes(session.amount));
  },
);

Then("{word} finds the payment session by its order", async function (_person) {
  const sessions = await call(this, "GET", `payments/sessions/order/${this.order.id}`);
  assert.equal(Math.max(...sessions.map((each) => each.id)), this.session.id);
});

Then("nothing else has changed", async function () {
  const { order, session } = this;
  const path = `orders-storage/marker/${profile.orders.storage}/orders`;
  const listed = await call(this, "GET", `${path}?langCode=${profile.language}&limit=30&offset=0`);
  assert.equal(listed.total, 1);
  assert.equal(listed.items.length, 1);
  const [stored] = listed.items;
  for (const name of ["id", "createdDate", "statusIdentifier", "formIdentifier", "paymentAccountIdentifier", "currency"])
    assert.deepEqual(stored[name], order[name], name);
  assert.deepEqual(stored.formData, order.formData[profile.language]);
  assert.equal(cents(stored.totalSum), cents(order.totalSum));
  const products = stored.products.map(({ id, quantity }) => ({ productId: id, quantity }));
  assert.deepEqual(products, order.products);
  const sessions = await call(this, "GET", "payments/sessions/?offset=0&limit=30");
  assert.deepEqual(sessions, { items: [session], total: 1 });
});
