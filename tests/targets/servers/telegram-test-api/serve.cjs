// A stand-in for Telegram on loopback. What it keeps is in memory alone.
//
//     NODE_PATH=…/node_modules node serve.cjs PORT
const TelegramServer = require("telegram-test-api");
const port = Number(process.argv[2]);
new TelegramServer({ port, host: "127.0.0.1", storage: "RAM", storeTimeout: 3600 }).start();
