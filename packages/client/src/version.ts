/** What the client calls itself in `CLIENT SETINFO`. The version is that of package.json; a test holds them together. */
export const library: { readonly name: string; readonly version: string } = {
  name: "redoubt",
  version: "0.1.0",
};
