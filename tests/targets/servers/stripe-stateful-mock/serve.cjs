// stripe-stateful-mock on loopback: its own command listens on every interface. What it keeps is in memory alone.
//
//     NODE_PATH=…/node_modules node serve.cjs PORT
const { createExpressApp } = require("stripe-stateful-mock");
createExpressApp().listen(Number(process.argv[2]), "127.0.0.1");
