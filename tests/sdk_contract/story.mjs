// The documented flow from sign-in to payment session, run by the client named: node story.mjs URL PACKAGE OPTIONS
const [url, packageName, options] = process.argv.slice(2);
const { defineOneEntry } = await import(packageName);

const PROJECT_URL = url;
const APP_TOKEN = 'your-app-token';

const { AuthProvider, Orders, Payments } = defineOneEntry(PROJECT_URL, { token: APP_TOKEN, ...JSON.parse(options) });

const authData = {
  authData: [
    { marker: 'email_reg', value: 'your-user@email.com' },
    { marker: 'password_reg', value: '123456' },
  ],
};
const user = await AuthProvider.auth('email', authData);

const body = {
  formIdentifier: 'order',
  paymentAccountIdentifier: 'cash',
  formData: [{ type: 'string', marker: 'name', value: 'Christina Thomas' }],
  products: [{ productId: 1, quantity: 1 }],
};
const orderData = await Orders.createOrder('orders', body);
const sessionData = await Payments.createSession(orderData.id, 'session');
const sessionByOrderId = await Payments.getSessionByOrderId(orderData.id);

console.log(JSON.stringify({ user, orderData, sessionData, sessionByOrderId }));
