// What an app's author has installed: the part of it that a service principal needs, over the real protocol.
export class EnvironmentCredential {
  #authority;

  constructor({ authorityHost }) {
    this.#authority = authorityHost;
  }

  async getToken(scope, { abortSignal }) {
    const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = process.env;
    const answer = await fetch(`${this.#authority}/${AZURE_TENANT_ID}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: AZURE_CLIENT_ID,
        client_secret: AZURE_CLIENT_SECRET,
        scope: String(scope),
      }),
      signal: abortSignal,
    });
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.error_description);
    return { token: body.access_token, expiresOnTimestamp: Date.now() + body.expires_in * 1000 };
  }
}
