import { expect, test } from "vitest";
import { allowsCertificate, nameOfClient } from "../../../src/access/certificate-access.ts";

const app = {
  commonName: "app-1",
  alternativeNames: ["DNS:app.clients.example", "URI:spiffe://prod/app", "IP:10.0.0.4"],
};

test.each([
  [[], true],
  [["app-*"], true],
  [["APP-1"], true],
  [["*.clients.example"], true],
  [["other", "app.clients.example"], true],
  [["URI:spiffe://prod/*"], true],
  [["IP:10.0.0.4"], true],
  [["DNS:app-1"], false],
  [["CN:app.clients.example"], false],
  [["spiffe://prod/app"], false],
  [["clients.example"], false],
  [["app"], false],
])("%j: %s", (allowed, expected) => {
  expect(allowsCertificate(allowed, app)).toBe(expected);
});

test("without a certificate nobody is on a list; logs call a client by its first name", () => {
  expect(allowsCertificate(["*"], null)).toBe(false);
  expect(allowsCertificate([], null)).toBe(true);
  expect([app, { commonName: null, alternativeNames: ["DNS:a"] }, null].map(nameOfClient)).toEqual([
    "app-1",
    "DNS:a",
    null,
  ]);
});
