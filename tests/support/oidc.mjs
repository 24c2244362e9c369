// A real identity provider on this machine, with made-up people. Says on which port it
// listens, and takes the address to which it sends people back from its first line.
import http from 'node:http';
import readline from 'node:readline';
import Provider from 'oidc-provider';

const people = JSON.parse(process.argv[2]);
const server = http.createServer();
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  console.log(port);
  readline.createInterface({ input: process.stdin }).once('line', (back) => {
    const provider = new Provider(`http://127.0.0.1:${port}`, {
      clients: [{
        client_id: 'soundings',
        client_secret: 'a secret that both know',
        redirect_uris: [back],
      }],
      claims: { openid: ['sub'], email: ['email', 'email_verified'] },
      pkce: { required: () => true },
      features: { devInteractions: { enabled: true } },
      findAccount: async (_, id) => people[id] && {
        accountId: id,
        claims: async () => ({ sub: id, ...people[id] }),
      },
    });
    server.on('request', provider.callback());
    console.log('ready');
  });
});
